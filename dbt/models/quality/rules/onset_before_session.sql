with adverse_events as (
    select * from {{ ref("adverse_events") }}
    where onset_at is not null
),

sessions as (
    select * from {{ ref("sessions") }}
)

select
    adverse_events.clinic_id,
    adverse_events.event_id,
    'onset_before_session' as code,
    adverse_events.onset_at < sessions.began_at as is_broken
from adverse_events
inner join sessions using (clinic_id, patient_id, session_id)
