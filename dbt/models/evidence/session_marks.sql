-- Which of a stratum's paired points a session has, as the bits of one number.
with sessions as (
    select hash(clinic_id) as clinic_key, patient_key, condition_group, patterns, points
    from {{ ref("treated_sessions") }}
    where len(points) > 0
),

strata as (
    select * from {{ ref("paired_points") }}
),

of_patterns as (
    select clinic_key, patient_key, unnest(patterns) as stratum, points from sessions
),

placed as (
    select strata.stratum_number, sessions.clinic_key, sessions.patient_key, sessions.points, strata.bits
    from sessions
    inner join strata on sessions.condition_group = strata.stratum and strata.grouping_kind = 'condition_group'
    union all
    select strata.stratum_number, sessions.clinic_key, sessions.patient_key, sessions.points, strata.bits
    from of_patterns as sessions
    inner join strata on sessions.stratum = strata.stratum and strata.grouping_kind = 'tcm_pattern'
)

select
    stratum_number,
    clinic_key,
    patient_key,
    cast(list_bit_or(list_transform(points, lambda point: bits[point])) as integer) as marks
from placed
