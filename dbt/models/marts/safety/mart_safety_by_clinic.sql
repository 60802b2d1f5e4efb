with sessions as (
    select clinic_id, month, ae_screen_method, count(*) as sessions
    from {{ ref("sessions") }}
    group by clinic_id, month, ae_screen_method
),

events as (
    select
        clinic_id,
        month,
        ae_screen_method,
        count(distinct row(patient_id, session_id)) filter (where session_id is not null) as sessions_with_event,
        count(*) as events,
        count(*) filter (where is_serious) as serious_events
    from {{ ref("adverse_events") }}
    group by clinic_id, month, ae_screen_method
),

counted as (
    select
        clinic_id,
        month,
        ae_screen_method,
        coalesce(sessions.sessions, 0) as sessions,
        coalesce(events.sessions_with_event, 0) as sessions_with_event,
        coalesce(events.events, 0) as events,
        coalesce(events.serious_events, 0) as serious_events
    from sessions
    full outer join events using (clinic_id, month, ae_screen_method)
)

select
    *,
    {{ rate_per_1000("events", "sessions") }} as rate_per_1000,
    {{ rate_limit("events", "sessions", "low") }} as ci_low,
    {{ rate_limit("events", "sessions", "high") }} as ci_high
from counted
