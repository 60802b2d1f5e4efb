with adverse_events as (
    select * from {{ ref("counted_adverse_events") }}
),

sessions as (
    select 'network' as network, clinic_id, patient_key, count(*) as sessions
    from {{ ref("ascertained_sessions") }}
    where is_ascertained
    group by clinic_id, patient_key
),

-- One without a session counts, for it happened; one whose session's window is open is too early.
patients as (
    select
        term,
        severity,
        clinic_id,
        patient_key,
        count(*) filter (where coalesce(is_ascertained, true)) as events,
        count(distinct session_key) filter (where is_ascertained) as sessions_with_event,
        count(*) filter (where session_key is null) as events_unlinked,
        count(*) filter (where not is_ascertained) as events_too_early
    from adverse_events
    group by term, severity, clinic_id, patient_key
),

with_event as (
    select * from patients
    where events > 0
),

counted as (
    {{ over_clinics("with_event", "term, severity", ["events", "sessions_with_event", "events_unlinked"],
        "patients_with_event", "clinics_with_event", "largest_clinic_share_with_event") }}
),

too_early as (
    select
        term,
        severity,
        cast(sum(events_too_early) as bigint) as events_too_early,
        count(*) filter (where events_too_early > 0) as patients_too_early
    from patients
    group by term, severity
),

everyone as (
    {{ over_clinics("sessions", "network", ["sessions"]) }}
)

select
    term,
    severity,
    coalesce(counted.events, 0) as events,
    coalesce(counted.sessions_with_event, 0) as sessions_with_event,
    coalesce(counted.patients_with_event, 0) as patients_with_event,
    coalesce(everyone.sessions, 0) as sessions,
    {{ rate_per_1000("coalesce(counted.events, 0)", "everyone.sessions") }} as rate_per_1000,
    {{ rate_limit("coalesce(counted.events, 0)", "everyone.sessions", "low") }} as ci_low,
    {{ rate_limit("coalesce(counted.events, 0)", "everyone.sessions", "high") }} as ci_high,
    coalesce(everyone.patients, 0) as patients,
    coalesce(everyone.clinics, 0) as clinics,
    everyone.largest_clinic_share,
    coalesce(counted.clinics_with_event, 0) as clinics_with_event,
    counted.largest_clinic_share_with_event,
    coalesce(counted.events_unlinked, 0) as events_unlinked,
    too_early.events_too_early,
    too_early.patients_too_early
from too_early
left join counted using (term, severity)
left join everyone on true
