with sessions as (
    select * from {{ consenting("sessions", "benchmarking") }}
    where {{ is_closed("local_date") }}
),

needling as (
    select * from {{ ref("session_needling") }}
),

plans as (
    select * from {{ ref("session_plans") }}
),

styles as (
    select code from {{ ref("styles") }}
)

select
    sessions.clinic_id,
    sessions.patient_id,
    sessions.session_id,
    sessions.episode_id,
    plans.plan_id,
    sessions.local_date,
    sessions.session_number,
    sessions.days_since_previous,
    sessions.condition_group,
    coalesce(styles.code, if(sessions.style is null, 'not_recorded', 'unlisted')) as style,
    sessions.needles,
    sessions.retention_min,
    sessions.needle_minutes,
    sessions.conventional_care_contact,
    coalesce(needling.points, []) as points,
    needling.stimulations_said,
    needling.needles_unstimulated,
    needling.needles_stimulated_by_hand,
    needling.needles_stimulated_electrically,
    needling.needles_warmed
from sessions
left join needling using (clinic_id, patient_id, session_id)
left join plans using (clinic_id, patient_id, session_id)
left join styles on sessions.style = styles.code
