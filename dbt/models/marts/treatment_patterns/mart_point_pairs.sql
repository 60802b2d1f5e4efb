with frequencies as (
    select * from {{ ref("point_frequencies") }}
),

uses as (
    select * from {{ ref("pair_uses") }}
),

counted as (
    {{ counted_by_cell(
        "uses", ["grouping_kind", "stratum", "point_a", "point_b"], ["sessions", "in_one_session"]
    ) | indent(4) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by grouping_kind, stratum
            order by sessions desc, patients desc, point_a asc, point_b asc
        ) as rank
    from counted
),

most_frequent as (
    select * from ranked
    where rank <= {{ pairs_of_a_stratum() }}
)

select
    pairs.grouping_kind,
    pairs.stratum,
    pairs.point_a,
    pairs.point_b,
    pairs.rank,
    cast(pairs.sessions as bigint) as sessions,
    cast(pairs.in_one_session as bigint) as patients_in_one_session,
    pairs.patients as patients_with_both,
    a.sessions as sessions_with_a,
    b.sessions as sessions_with_b,
    a.patients_with_point as patients_with_a,
    b.patients_with_point as patients_with_b,
    a.stratum_sessions,
    a.stratum_patients as patients,
    pairs.sessions / a.stratum_sessions as share,
    pairs.patients / a.stratum_patients as patient_share,
    a.sessions / a.stratum_sessions * b.sessions as sessions_expected,
    pairs.sessions / (a.sessions / a.stratum_sessions * b.sessions) as session_lift,
    a.patients_with_point / a.stratum_patients * b.patients_with_point as patients_expected,
    pairs.patients / (a.patients_with_point / a.stratum_patients * b.patients_with_point) as patient_lift,
    pairs.clinics,
    pairs.largest_clinic_share,
    a.clinics as clinics_with_a,
    a.largest_clinic_share as largest_clinic_share_with_a,
    b.clinics as clinics_with_b,
    b.largest_clinic_share as largest_clinic_share_with_b,
    a.stratum_clinics,
    a.stratum_largest_clinic_share
from most_frequent as pairs
inner join frequencies as a
    on pairs.grouping_kind = a.grouping_kind and pairs.stratum = a.stratum and pairs.point_a = a.point_code
inner join frequencies as b
    on pairs.grouping_kind = b.grouping_kind and pairs.stratum = b.stratum and pairs.point_b = b.point_code
