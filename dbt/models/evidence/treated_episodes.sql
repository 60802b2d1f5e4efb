-- An episode counts in the group and the style of its first session.
with sessions as (
    select * from {{ ref("treated_sessions") }}
),

episodes as (
    select {{ patient_key("episodes") }} as patient_key, episode_id, care_intent, closed_on
    from {{ ref("episodes") }} as episodes
),

held as (
    select
        any_value(clinic_id) as clinic_id,
        patient_key,
        episode_id,
        count(*) as sessions,
        min(local_date) as first_session_on,
        max(local_date) as last_session_on,
        min_by(condition_group, session_number) as condition_group,
        min_by(style, session_number) as style
    from sessions
    group by patient_key, episode_id
)

select
    held.*,
    episodes.care_intent,
    {{ has_ended("episodes.closed_on", "held.last_session_on") }} as has_ended,
    if({{ has_ended("episodes.closed_on", "held.last_session_on") }}, held.sessions, null) as sessions_per_episode,
    {{ sessions_per_week("held.sessions", "held.first_session_on", "held.last_session_on") }} as sessions_per_week,
    if(held.sessions > 1, (held.last_session_on - held.first_session_on) / (held.sessions - 1), null)
        as days_between_sessions
from held
inner join episodes using (patient_key, episode_id)
