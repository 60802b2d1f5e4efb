with frequencies as (
    select * from {{ ref("point_frequencies") }}
    where grouping_kind = 'condition_group'
)

select
    stratum as condition_group,
    point_code,
    sessions,
    share,
    rank,
    needles_per_session_mean,
    retention_min_mean,
    stratum_sessions as group_sessions,
    patients_with_point,
    stratum_patients as patients,
    patient_share,
    clinics,
    largest_clinic_share,
    stratum_clinics as group_clinics,
    stratum_largest_clinic_share as group_largest_clinic_share
from frequencies
