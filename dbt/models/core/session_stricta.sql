{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- A session says what it, its plan, its episode or the patient's assessments up to its day say.
with sessions as (
    select * from {{ of_touched_patients("sessions") }}
),

needling as (
    select * from {{ of_touched_patients("session_needling") }}
),

plans as (
    select * from {{ of_touched_patients("plan_statements") }}
),

assessments as (
    select * from {{ of_touched_patients("assessment_statements") }}
),

episodes as (
    select clinic_id, patient_id, episode_id, sessions_declared from {{ of_touched_patients("episodes") }}
)

select
    sessions.clinic_id,
    sessions.patient_id,
    sessions.session_id,
    sessions.patient_key,
    sessions.local_date,
    sessions.month,
    list_contains(sessions.techniques, 'needling') as is_needling,
    sessions.style is not null or coalesce(plans.says_style, false) as item_1a,
    coalesce(plans.says_rationale, false) or coalesce(assessments.patterns_said_on <= sessions.local_date, false)
        as item_1b,
    coalesce(plans.says_individualisation, false) as item_1c,
    sessions.needles_inserted is not null as item_2a,
    coalesce(needling.says_points, false) as item_2b,
    coalesce(needling.says_depth, false) as item_2c,
    coalesce(needling.says_response, false) as item_2d,
    coalesce(needling.says_stimulation, false) or sessions.uses_current as item_2e,
    coalesce(needling.says_retention, false) or sessions.retention_min is not null as item_2f,
    coalesce(needling.says_needle_type, false) as item_2g,
    coalesce(plans.says_sessions, false) or episodes.sessions_declared is not null as item_3a,
    coalesce(plans.says_frequency, false) or sessions.duration_min is not null as item_3b,
    len(list_filter(sessions.techniques, lambda technique: technique <> 'needling')) > 0
    or coalesce(assessments.co_treatments_said_on <= sessions.local_date, false) as item_4a,
    sessions.setting is not null or len(sessions.advice) > 0 or coalesce(plans.says_context, false) as item_4b,
    sessions.credential not in ('not_recorded', 'none_valid') or sessions.experience_years is not null as item_5
from sessions
left join needling on sessions.session_key = needling.session_key
left join plans
    on
        sessions.clinic_id = plans.clinic_id
        and sessions.patient_id = plans.patient_id
        and sessions.followed_plan_id = plans.plan_id
left join assessments
    on sessions.clinic_id = assessments.clinic_id and sessions.patient_id = assessments.patient_id
left join episodes
    on
        sessions.clinic_id = episodes.clinic_id
        and sessions.patient_id = episodes.patient_id
        and sessions.episode_id = episodes.episode_id
