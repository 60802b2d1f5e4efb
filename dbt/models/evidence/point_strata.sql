with patients as (
    select *, sessions as stratum_sessions from {{ ref("patient_points") }}
),

counted as (
    {{ counted_by_cell("patients", ["grouping_kind", "stratum"], ["stratum_sessions"], "stratum_") | indent(4) }}
)

select
    grouping_kind,
    stratum,
    cast(row_number() over (order by grouping_kind, stratum) as usmallint) as stratum_number,
    cast(stratum_sessions as bigint) as stratum_sessions,
    patients as stratum_patients,
    stratum_clinics,
    stratum_largest_clinic_share
from counted
