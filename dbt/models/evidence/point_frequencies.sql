with patients as (
    select grouping_kind, stratum, clinic_id, unnest(points) as point from {{ ref("patient_points") }}
),

uses as (
    select * from {{ ref("point_sessions") }}
),

strata as (
    select * from {{ ref("point_strata") }}
),

points as (
    select * from {{ ref("numbered_points") }}
),

by_clinic as (
    select grouping_kind, stratum, point, clinic_id, count(*) as patients
    from patients
    group by grouping_kind, stratum, point, clinic_id
),

counted as (
    select
        grouping_kind,
        stratum,
        point,
        cast(sum(patients) as bigint) as patients_with_point,
        {{ clinics_behind("patients") | indent(8) }}
    from by_clinic
    group by grouping_kind, stratum, point
)

select
    uses.grouping_kind,
    uses.stratum,
    points.point_code,
    uses.sessions,
    counted.patients_with_point,
    counted.clinics,
    counted.largest_clinic_share,
    uses.needles_per_session_mean,
    uses.retention_min_mean,
    strata.stratum_sessions,
    strata.stratum_patients,
    strata.stratum_clinics,
    strata.stratum_largest_clinic_share,
    uses.sessions / strata.stratum_sessions as share,
    counted.patients_with_point / strata.stratum_patients as patient_share,
    row_number() over (
        partition by uses.grouping_kind, uses.stratum
        order by uses.sessions desc, points.point_code asc
    ) as rank
from uses
inner join counted using (grouping_kind, stratum, point)
inner join strata using (grouping_kind, stratum)
inner join points on uses.point = points.number
