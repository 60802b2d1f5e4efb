-- Most patients have one condition and the same patterns in all their sessions: these are put together first.
with sessions as (
    select * from {{ ref("treated_sessions") }}
),

patients as (
    select
        clinic_id,
        patient_key,
        condition_group,
        patterns,
        count(*) as sessions,
        list_distinct(flatten(list(points))) as points
    from sessions
    group by clinic_id, patient_key, condition_group, patterns
),

strata as (
    select 'condition_group' as grouping_kind, condition_group as stratum, clinic_id, patient_key, sessions, points
    from patients
    union all
    select 'tcm_pattern' as grouping_kind, unnest(patterns) as stratum, clinic_id, patient_key, sessions, points
    from patients
)

select
    grouping_kind,
    stratum,
    clinic_id,
    patient_key,
    cast(sum(sessions) as bigint) as sessions,
    list_sort(list_distinct(flatten(list(points)))) as points
from strata
group by grouping_kind, stratum, clinic_id, patient_key
