with frequencies as (
    select * from {{ ref("point_frequencies") }}
    where grouping_kind = 'tcm_pattern'
),

titles as (
    select code as pattern, title as pattern_title from {{ ref("tcm_patterns") }}
)

select
    frequencies.stratum as pattern,
    titles.pattern_title,
    frequencies.point_code,
    frequencies.sessions,
    frequencies.share,
    frequencies.rank,
    frequencies.needles_per_session_mean,
    frequencies.retention_min_mean,
    frequencies.stratum_sessions as pattern_sessions,
    frequencies.patients_with_point,
    frequencies.stratum_patients as patients,
    frequencies.patient_share,
    frequencies.clinics,
    frequencies.largest_clinic_share,
    frequencies.stratum_clinics as pattern_clinics,
    frequencies.stratum_largest_clinic_share as pattern_largest_clinic_share
from frequencies
left join titles on frequencies.stratum = titles.pattern
