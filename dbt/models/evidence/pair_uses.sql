-- Points of a patient together in one session, and together in all of the patient's sessions of the stratum.
with sets as (
    select * from {{ ref("point_sets") }}
),

of_patients as (
    select
        grouping_kind,
        stratum,
        clinic_id,
        patient_id,
        list_sort(list_distinct(flatten(list(points)))) as points,
        0 as sessions
    from sets
    group by grouping_kind, stratum, clinic_id, patient_id
),

together as (
    select grouping_kind, stratum, clinic_id, patient_id, points, sessions from sets
    union all
    select grouping_kind, stratum, clinic_id, patient_id, points, sessions from of_patients
),

firsts as (
    select *, unnest(points) as point_a from together
),

pairs as (
    select
        * exclude (points),
        unnest(list_filter(points, lambda point: point > point_a)) as point_b
    from firsts
)

select
    grouping_kind,
    stratum,
    point_a,
    point_b,
    clinic_id,
    patient_id,
    sum(sessions) as sessions,
    cast(bool_or(sessions > 0) as integer) as in_one_session
from pairs
group by grouping_kind, stratum, point_a, point_b, clinic_id, patient_id
