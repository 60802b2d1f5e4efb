with sessions as (
    select * from {{ ref("sessions") }}
),

-- A session with an event of a term that one notices without asking: how a clinic asks makes no difference to it.
eventful as (
    select distinct
        clinic_id,
        patient_id,
        session_id
    from {{ ref("adverse_events") }}
    where session_id is not null and not asking_dependent
)

select
    sessions.clinic_id,
    count(*) as sessions,
    count(eventful.session_id) as sessions_with_event
from sessions
left join eventful using (clinic_id, patient_id, session_id)
group by sessions.clinic_id
