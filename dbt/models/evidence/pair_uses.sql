-- How often two points go together at a clinic. Points are places in the stratum's list of frequent points, and each
-- patient's pairs are made distinct within the patient's own list: a row for each pair of each patient would be most of
-- the warehouse.
with frequent_points as (
    select grouping_kind, stratum, list(point_code order by point_code) as codes
    from {{ ref("point_frequencies") }}
    where rank <= {{ paired_points_of_a_stratum() }}
    group by grouping_kind, stratum
),

sets as (
    select * from {{ ref("point_sets") }}
    where len(points) > 0
),

placed as (
    select
        sets.grouping_kind,
        sets.stratum,
        sets.clinic_id,
        sets.patient_id,
        sets.sessions,
        list_filter(
            list_transform(sets.points, lambda code: cast(list_position(frequent_points.codes, code) as usmallint)),
            lambda place: place > 0
        ) as places
    from sets
    inner join frequent_points using (grouping_kind, stratum)
),

of_patients as (
    select
        grouping_kind,
        stratum,
        clinic_id,
        list_sort(list_distinct(flatten(list(places)))) as places,
        list_distinct(flatten(list({{ pairs_of("places") }}))) as pairs
    from placed
    group by grouping_kind, stratum, clinic_id, patient_id
),

in_sessions as (
    select grouping_kind, stratum, clinic_id, unnest({{ pairs_of("places") }}) as pair, sessions
    from placed
),

together as (
    select grouping_kind, stratum, clinic_id, pair, sum(sessions) as sessions, 0 as in_one_session, 0 as patients
    from in_sessions
    group by grouping_kind, stratum, clinic_id, pair
    union all
    select grouping_kind, stratum, clinic_id, unnest(pairs) as pair, 0 as sessions, 1 as in_one_session, 0 as patients
    from of_patients
    union all
    select
        grouping_kind,
        stratum,
        clinic_id,
        unnest({{ pairs_of("places") }}) as pair,
        0 as sessions,
        0 as in_one_session,
        1 as patients
    from of_patients
),

counted as (
    select
        grouping_kind,
        stratum,
        pair,
        clinic_id,
        cast(sum(sessions) as bigint) as sessions,
        cast(sum(in_one_session) as bigint) as patients_in_one_session,
        cast(sum(patients) as bigint) as patients
    from together
    group by grouping_kind, stratum, pair, clinic_id
)

select
    counted.grouping_kind,
    counted.stratum,
    frequent_points.codes[counted.pair // {{ pair_base() }}] as point_a,
    frequent_points.codes[counted.pair % {{ pair_base() }}] as point_b,
    counted.clinic_id,
    counted.sessions,
    counted.patients_in_one_session,
    counted.patients
from counted
inner join frequent_points using (grouping_kind, stratum)
