with counted as (
    select
        (select count(*) from {{ ref("counted_adverse_events") }}) as events,
        (
            select coalesce(sum(events + events_too_early), 0) from {{ ref("mart_safety_by_clinic") }}
        ) as events_by_clinic,
        (
            select coalesce(sum(events + events_unlinked + events_too_early), 0) from {{ ref("mart_side_effects") }}
        ) as events_by_term
)

select * from counted
where events <> events_by_clinic or events <> events_by_term
