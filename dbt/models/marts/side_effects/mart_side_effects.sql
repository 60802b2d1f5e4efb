with events as (
    select
        term,
        severity,
        count(*) as events,
        count(distinct row(clinic_id, patient_id, session_id)) filter (where session_id is not null)
            as sessions_with_event,
        count(distinct row(clinic_id, patient_id)) as patients_with_event
    from {{ ref("adverse_events") }}
    group by term, severity
),

network as (
    select count(*) as sessions from {{ ref("sessions") }}
)

select
    events.*,
    network.sessions,
    {{ rate_per_1000("events.events", "network.sessions") }} as rate_per_1000,
    {{ rate_limit("events.events", "network.sessions", "low") }} as ci_low,
    {{ rate_limit("events.events", "network.sessions", "high") }} as ci_high
from events
cross join network
