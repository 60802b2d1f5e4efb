{%- set weighed = "['breech_presentation', 'labour_induction', 'labour_pain', 'pregnancy_complaint']" -%}
with sessions as (
    select sessions.*
    from {{ ref("sessions") }} as sessions
    inner join {{ ref("session_pregnancies") }} as pregnancies using (clinic_id, event_id)
    where pregnancies.is_pregnant
),

points as (
    select code, list_contains(string_split(risk_flags, ';'), 'pregnancy_review') as is_listed
    from {{ ref("acupuncture_points") }}
),

needles as (
    select
        needles.*,
        coalesce(points.is_listed, false) and coalesce(not list_contains({{ weighed }}, needles.intent), true)
            as is_in_question
    from {{ ref("needles") }} as needles
    left join points on needles.point_code = points.code
),

judged as (
    select
        sessions.clinic_id,
        sessions.event_id,
        bool_or(needles.is_in_question)
        and not list_has_any(any_value(sessions.moxibustion_intents), {{ weighed }}) as is_broken,
        bool_and(needles.point_code is not null) as is_known
    from sessions
    inner join needles using (clinic_id, patient_id, session_id)
    group by sessions.clinic_id, sessions.event_id
)

select
    clinic_id,
    event_id,
    'pregnancy_point' as code,
    is_broken
from judged
where is_broken or is_known
