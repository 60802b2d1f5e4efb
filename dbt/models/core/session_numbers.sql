{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- Apart from what else a session is, so that what is put in order is small.
with stated as (
    select clinic_id, patient_id, session_id, event_id, month, occurred_at, local_date, said_order
    from {{ current_events("stg_sessions") }}
),

-- A session that is stated again, under another event id, is still one session: the last statement holds.
latest as (
    select *
    from stated
    qualify
        row_number() over (
            partition by clinic_id, patient_id, session_id
            order by said_order desc
        ) = 1
),

episodes as (
    select clinic_id, event_id, episode_id from {{ of_touched_patients("session_episodes") }}
)

select
    latest.clinic_id,
    latest.patient_id,
    latest.event_id,
    latest.month,
    episodes.episode_id,
    row_number() over in_care as patient_session_number,
    row_number() over in_episode as session_number,
    latest.local_date - min(latest.local_date) over in_episode as days_since_baseline,
    latest.local_date - lag(latest.local_date) over in_episode as days_since_previous
from latest
left join episodes using (clinic_id, event_id)
window
    in_care as (
        partition by latest.clinic_id, latest.patient_id
        order by latest.occurred_at, latest.event_id
    ),
    in_episode as (
        partition by latest.clinic_id, latest.patient_id, episodes.episode_id
        order by latest.occurred_at, latest.event_id
    )
