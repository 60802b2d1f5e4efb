with patterns as (
    select
        *,
        max(rank) over (partition by condition_group) as last_rank,
        count(*) over (partition by condition_group) as points
    from {{ ref("mart_treatment_patterns") }}
)

select * from patterns
where share <= 0 or share > 1 or last_rank <> points
