-- Patients are often needled at the same points again: what is counted once here is counted in no mart again.
with sessions as (
    select * from {{ ref("treated_sessions") }}
),

patterns as (
    select * from {{ ref("pattern_periods") }}
),

strata as (
    select 'condition_group' as grouping_kind, condition_group as stratum, sessions.* from sessions
    union all
    select
        'tcm_pattern' as grouping_kind,
        coalesce(patterns.pattern, 'not_recorded') as stratum,
        sessions.*
    from sessions
    left join patterns
        on
            sessions.clinic_id = patterns.clinic_id
            and sessions.patient_id = patterns.patient_id
            and sessions.local_date >= patterns.valid_from
            and sessions.local_date < patterns.valid_until
)

select
    grouping_kind,
    stratum,
    clinic_id,
    patient_id,
    points,
    count(*) as sessions,
    sum(needles) as needles,
    count(needles) as sessions_with_needles_known,
    sum(retention_min) as retention_min,
    count(retention_min) as sessions_with_retention_known
from strata
group by grouping_kind, stratum, clinic_id, patient_id, points
