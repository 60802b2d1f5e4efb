with counted as (
    select
        (select count(*) from {{ ref("ascertained_sessions") }}) as sessions,
        (
            select coalesce(sum(sessions + sessions_too_early), 0) from {{ ref("mart_safety_by_clinic") }}
        ) as sessions_in_mart
)

select * from counted
where sessions <> sessions_in_mart
