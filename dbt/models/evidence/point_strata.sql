with sets as (
    select * from {{ ref("point_sets") }}
),

by_patient as (
    select grouping_kind, stratum, clinic_id, patient_id, sum(sessions) as stratum_sessions
    from sets
    group by grouping_kind, stratum, clinic_id, patient_id
),

counted as (
    {{ counted_by_cell("by_patient", ["grouping_kind", "stratum"], ["stratum_sessions"], "stratum_") | indent(4) }}
)

select
    grouping_kind,
    stratum,
    cast(stratum_sessions as bigint) as stratum_sessions,
    patients as stratum_patients,
    stratum_clinics,
    stratum_largest_clinic_share
from counted
