-- How often two points go together at a clinic. Each patient's pairs are made distinct within the patient's own list:
-- a row for each pair of each patient would be most of the warehouse.
with sets as (
    select * from {{ ref("point_sets") }}
    where len(points) > 0
),

in_sessions as (
    select
        grouping_kind,
        stratum,
        clinic_id,
        sessions,
        unnest({{ pairs_of("points") }}) as pair
    from sets
),

of_patients as (
    select
        grouping_kind,
        stratum,
        clinic_id,
        list_sort(list_distinct(flatten(list(points)))) as points,
        list_distinct(flatten(list({{ pairs_of("points") }}))) as pairs
    from sets
    group by grouping_kind, stratum, clinic_id, patient_id
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
        unnest({{ pairs_of("points") }}) as pair,
        0 as sessions,
        0 as in_one_session,
        1 as patients
    from of_patients
)

select
    grouping_kind,
    stratum,
    split_part(pair, ' ', 1) as point_a,
    split_part(pair, ' ', 2) as point_b,
    clinic_id,
    cast(sum(sessions) as bigint) as sessions,
    cast(sum(in_one_session) as bigint) as patients_in_one_session,
    cast(sum(patients) as bigint) as patients
from together
group by grouping_kind, stratum, pair, clinic_id
