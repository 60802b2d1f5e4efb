with sets as (
    select *, unnest(points) as point_code from {{ ref("point_sets") }}
),

strata as (
    select * from {{ ref("point_strata") }}
),

by_patient as (
    select
        grouping_kind,
        stratum,
        point_code,
        clinic_id,
        patient_id,
        sum(sessions) as sessions,
        sum(needles) as needles,
        sum(sessions_with_needles_known) as sessions_with_needles_known,
        sum(retention_min) as retention_min,
        sum(sessions_with_retention_known) as sessions_with_retention_known
    from sets
    group by grouping_kind, stratum, point_code, clinic_id, patient_id
),

counted as (
    {{ counted_by_cell("by_patient", ["grouping_kind", "stratum", "point_code"], [
        "sessions", "needles", "sessions_with_needles_known", "retention_min", "sessions_with_retention_known",
    ]) | indent(4) }}
)

select
    counted.grouping_kind,
    counted.stratum,
    counted.point_code,
    cast(counted.sessions as bigint) as sessions,
    counted.patients as patients_with_point,
    counted.clinics,
    counted.largest_clinic_share,
    counted.needles / nullif(counted.sessions_with_needles_known, 0) as needles_per_session_mean,
    counted.retention_min / nullif(counted.sessions_with_retention_known, 0) as retention_min_mean,
    strata.stratum_sessions,
    strata.stratum_patients,
    strata.stratum_clinics,
    strata.stratum_largest_clinic_share,
    counted.sessions / strata.stratum_sessions as share,
    counted.patients / strata.stratum_patients as patient_share,
    row_number() over (
        partition by counted.grouping_kind, counted.stratum
        order by counted.sessions desc, counted.point_code asc
    ) as rank
from counted
inner join strata using (grouping_kind, stratum)
