with adverse_events as (
    select * from {{ ref("counted_adverse_events") }}
),

sessions as (
    select 'network' as network, clinic_id, patient_key, count(*) as sessions
    from {{ ref("ascertained_sessions") }}
    where is_ascertained
    group by clinic_id, patient_key
),

-- What has no session, or one whose window is still open, stands beside the rate.
patients as (
    select
        term,
        severity,
        clinic_id,
        patient_key,
        count(*) filter (where is_ascertained) as events,
        count(distinct session_key) filter (where is_ascertained) as sessions_with_event,
        count(*) filter (where session_key is null) as events_unlinked,
        count(*) filter (where not is_ascertained) as events_too_early
    from adverse_events
    group by term, severity, clinic_id, patient_key
),

{%- for name, column in [
    ("with_event", "events"), ("unlinked", "events_unlinked"), ("too_early", "events_too_early")
] %}

    patients_{{ name }} as (
        select * from patients
        where {{ column }} > 0
    ),
{%- endfor %}

with_event as (
    {{ over_clinics("patients_with_event", "term, severity", ["events", "sessions_with_event"], "patients_with_event",
        "clinics_with_event", "largest_clinic_share_with_event") }}
),

unlinked as (
    {{ over_clinics("patients_unlinked", "term, severity", ["events_unlinked"], "patients_with_unlinked_event",
        "clinics_with_unlinked_event", "largest_clinic_share_with_unlinked_event") }}
),

too_early as (
    {{ over_clinics("patients_too_early", "term, severity", ["events_too_early"], "patients_too_early",
        "clinics_too_early", "largest_clinic_share_too_early") }}
),

kinds as (
    select distinct term, severity from adverse_events
),

everyone as (
    {{ over_clinics("sessions", "network", ["sessions"]) }}
)

select
    term,
    severity,
    coalesce(with_event.events, 0) as events,
    coalesce(with_event.sessions_with_event, 0) as sessions_with_event,
    coalesce(with_event.patients_with_event, 0) as patients_with_event,
    coalesce(everyone.sessions, 0) as sessions,
    {{ rate_per_1000("coalesce(with_event.events, 0)", "everyone.sessions") }} as rate_per_1000,
    {{ rate_limit("coalesce(with_event.events, 0)", "everyone.sessions", "low") }} as ci_low,
    {{ rate_limit("coalesce(with_event.events, 0)", "everyone.sessions", "high") }} as ci_high,
    coalesce(everyone.patients, 0) as patients,
    coalesce(everyone.clinics, 0) as clinics,
    everyone.largest_clinic_share,
    coalesce(with_event.clinics_with_event, 0) as clinics_with_event,
    with_event.largest_clinic_share_with_event,
    coalesce(unlinked.events_unlinked, 0) as events_unlinked,
    coalesce(unlinked.patients_with_unlinked_event, 0) as patients_with_unlinked_event,
    coalesce(unlinked.clinics_with_unlinked_event, 0) as clinics_with_unlinked_event,
    unlinked.largest_clinic_share_with_unlinked_event,
    coalesce(too_early.events_too_early, 0) as events_too_early,
    coalesce(too_early.patients_too_early, 0) as patients_too_early,
    coalesce(too_early.clinics_too_early, 0) as clinics_too_early,
    too_early.largest_clinic_share_too_early
from kinds
left join with_event using (term, severity)
left join unlinked using (term, severity)
left join too_early using (term, severity)
left join everyone on true
