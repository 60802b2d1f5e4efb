with sessions as (
    select * from {{ ref("sessions") }}
),

-- A session with an event of a term that one notices without asking, or with any event.
eventful as (
    select
        clinic_id,
        patient_id,
        session_id,
        bool_or(not asking_dependent) as has_unprompted
    from {{ ref("adverse_events") }}
    where session_id is not null
    group by clinic_id, patient_id, session_id
),

counted as (
    select
        sessions.clinic_id,
        sessions.ae_screen_method,
        count(*) as sessions,
        count(eventful.session_id) as with_any,
        count(*) filter (where eventful.has_unprompted) as with_unprompted
    from sessions
    left join eventful using (clinic_id, patient_id, session_id)
    group by sessions.clinic_id, sessions.ae_screen_method
)

select 'elevated_risk' as signal, clinic_id, ae_screen_method, sessions, with_unprompted as sessions_with_event
from counted
union all
select 'under_reporting' as signal, clinic_id, ae_screen_method, sessions, with_any as sessions_with_event
from counted
