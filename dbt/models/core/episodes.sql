{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with sessions as (
    select * from {{ of_touched_patients("sessions") }}
),

assessments as (
    select * from {{ of_touched_patients("assessments") }}
    where episode_id is not null
),

plans as (
    select * from {{ of_touched_patients("plan_versions") }}
    where episode_id is not null
),

closures as (
    select * from {{ current_events("stg_closures") }}
    where episode_id is not null
    qualify row_number() over (partition by clinic_id, patient_id, episode_id order by said_order desc) = 1
),

treated as (
    select
        clinic_id,
        patient_id,
        episode_id,
        min(local_date) as first_session_on,
        max(local_date) as last_session_on,
        count(*) as sessions
    from sessions
    group by clinic_id, patient_id, episode_id
),

intents as (
    select clinic_id, patient_id, episode_id, care_intent, said_order from assessments
    union all
    select clinic_id, patient_id, episode_id, care_intent, said_order from plans
    union all
    select clinic_id, patient_id, episode_id, care_intent, said_order from closures
),

intended as (
    select
        clinic_id,
        patient_id,
        episode_id,
        max_by(care_intent, said_order) filter (where care_intent in ('treatment', 'maintenance', 'prevention'))
            as care_intent
    from intents
    group by clinic_id, patient_id, episode_id
),

named as (
    select clinic_id, patient_id, episode_id from treated
    union
    select clinic_id, patient_id, episode_id from intended
)

select
    named.clinic_id,
    named.patient_id,
    named.episode_id,
    starts_with(named.episode_id, 'unnamed-') as is_derived,
    treated.first_session_on,
    treated.last_session_on,
    coalesce(treated.sessions, 0) as sessions,
    coalesce(intended.care_intent, 'not_recorded') as care_intent,
    closures.local_date as closed_on,
    reasons.code as closure_reason,
    closures.sessions_held as sessions_declared
from named
left join treated using (clinic_id, patient_id, episode_id)
left join intended using (clinic_id, patient_id, episode_id)
left join closures using (clinic_id, patient_id, episode_id)
left join {{ ref("closure_reasons") }} as reasons on closures.reason = reasons.code
