{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- Apart from what else a session is, so that what is put in order is small.
with sessions as (
    select * from {{ of_touched_patients("session_episodes") }}
)

select
    clinic_id,
    patient_id,
    event_id,
    month,
    occurred_at,
    local_date,
    episode_id,
    plan_id,
    row_number() over in_care as patient_session_number,
    row_number() over in_episode as session_number,
    local_date - min(local_date) over in_episode as days_since_baseline,
    local_date - lag(local_date) over in_episode as days_since_previous
from sessions
window
    in_care as (partition by clinic_id, patient_id order by occurred_at, event_id),
    in_episode as (partition by clinic_id, patient_id, episode_id order by occurred_at, event_id)
