-- What rates are made of: no positive reactions, and nobody who withdrew. A session's own facts are joined here once.
with adverse_events as (
    select * from {{ consenting("adverse_events", "quality_and_safety") }}
    where not is_positive_reaction and {{ is_closed("local_date") }}
),

sessions as (
    select * from {{ ref("sessions") }}
)

select
    adverse_events.clinic_id,
    adverse_events.event_id,
    adverse_events.patient_key,
    adverse_events.session_key,
    adverse_events.local_date,
    adverse_events.month,
    adverse_events.ae_screen_method,
    if(adverse_events.session_key is null, 'unlinked', {{ asking("sessions.ae_asked") }}) as asking,
    sessions.ascertained_at <= {{ as_of() }} as is_ascertained,
    adverse_events.term,
    adverse_events.scope,
    adverse_events.severity,
    adverse_events.is_serious,
    adverse_events.link,
    adverse_events.region,
    adverse_events.needle_position,
    adverse_events.needle_depth_mm,
    adverse_events.needle_gauge_mm,
    adverse_events.onset_hours,
    coalesce(sessions.duration_min, sessions.retention_min, 0) / 60 as session_hours,
    -- The clinic's day and that of UTC may differ by one.
    if(adverse_events.reporting_delay_days = -1, 0, adverse_events.reporting_delay_days) as delay_days,
    cast({{ as_of() }} as date) - sessions.local_date as age_days
from adverse_events
left join sessions using (session_key)
