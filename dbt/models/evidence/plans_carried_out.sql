with sessions as (
    select * from {{ ref("treated_sessions") }}
    where plan_id is not null
),

techniques as (
    select * from {{ ref("session_techniques") }}
),

used as (
    select
        sessions.clinic_id,
        sessions.patient_id,
        sessions.plan_id,
        list_sort(list(distinct techniques.technique)) as techniques
    from sessions
    inner join techniques using (clinic_id, patient_id, session_id)
    group by sessions.clinic_id, sessions.patient_id, sessions.plan_id
),

held as (
    select
        clinic_id,
        patient_id,
        plan_id,
        count(*) as sessions,
        min(local_date) as first_session_on,
        max(local_date) as last_session_on,
        min_by(condition_group, row(local_date, session_number)) as condition_group,
        list_sort(list_distinct(flatten(list(points)))) as points
    from sessions
    group by clinic_id, patient_id, plan_id
)

select
    held.*,
    {{ sessions_per_week("held.sessions", "held.first_session_on", "held.last_session_on") }} as sessions_per_week,
    coalesce(used.techniques, []) as techniques
from held
left join used using (clinic_id, patient_id, plan_id)
