-- A session has each of its points once.
with sessions as (
    select condition_group, patterns, points, needles, retention_min from {{ ref("treated_sessions") }}
),

strata as (
    select 'condition_group' as grouping_kind, condition_group as stratum, points, needles, retention_min
    from sessions
    union all
    select 'tcm_pattern' as grouping_kind, unnest(patterns) as stratum, points, needles, retention_min
    from sessions
),

listed as (
    select grouping_kind, stratum, unnest(points) as point, needles, retention_min from strata
)

select
    grouping_kind,
    stratum,
    point,
    count(*) as sessions,
    avg(needles) as needles_per_session_mean,
    avg(retention_min) as retention_min_mean
from listed
group by grouping_kind, stratum, point
