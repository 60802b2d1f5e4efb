with frequencies as (
    select * from {{ ref("point_frequencies") }}
),

uses as (
    select * from {{ ref("pair_uses") }}
),

pairs as (
    select * from {{ ref("pair_sessions") }}
),

places as (
    select * from {{ ref("pairs_of_places") }}
),

strata as (
    select * from {{ ref("paired_points") }}
),

patients as (
    select
        stratum_number,
        pair,
        sum(patients_in_one_session) as patients_in_one_session,
        cast(sum(patients) as bigint) as patients_with_both,
        {{ clinics_behind("patients") | indent(8) }}
    from uses
    group by stratum_number, pair
),

counted as (
    select
        strata.grouping_kind,
        strata.stratum,
        strata.codes[places.place_a + 1] as point_a,
        strata.codes[places.place_b + 1] as point_b,
        pairs.sessions,
        patients.* exclude (stratum_number, pair)
    from patients
    inner join pairs using (stratum_number, pair)
    inner join places using (pair)
    inner join strata using (stratum_number)
),

ranked as (
    select
        *,
        row_number() over (
            partition by grouping_kind, stratum
            order by sessions desc, patients_with_both desc, point_a asc, point_b asc
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
    cast(pairs.patients_in_one_session as bigint) as patients_in_one_session,
    pairs.patients_with_both,
    a.sessions as sessions_with_a,
    b.sessions as sessions_with_b,
    a.patients_with_point as patients_with_a,
    b.patients_with_point as patients_with_b,
    a.stratum_sessions,
    a.stratum_patients as patients,
    pairs.sessions / a.stratum_sessions as share,
    pairs.patients_with_both / a.stratum_patients as patient_share,
    a.sessions / a.stratum_sessions * b.sessions as sessions_expected,
    pairs.sessions / (a.sessions / a.stratum_sessions * b.sessions) as session_lift,
    a.patients_with_point / a.stratum_patients * b.patients_with_point as patients_expected,
    pairs.patients_with_both / (a.patients_with_point / a.stratum_patients * b.patients_with_point) as patient_lift,
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
