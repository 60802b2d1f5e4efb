{%- set cell = "term, severity, exposure, level, asking" -%}

with exposures as (
    select * from {{ ref("event_exposures") }}
),

events as (
    select * from {{ ref("counted_adverse_events") }}
),

exposed as (
    select * from {{ ref("exposed_sessions") }}
),

placed as (
    select
        events.term, events.severity, exposures.exposure, exposures.level, events.asking, exposures.linkage,
        events.clinic_id, events.patient_key, events.session_key
    from exposures
    inner join events using (clinic_id, event_id)
),

graded as (
    select * from placed
    union all
    select * replace ('all' as severity) from placed
),

patients as (
    select {{ cell }}, clinic_id, patient_key, count(*) as events, count(distinct session_key) as sessions_with_event
    from graded
    group by {{ cell }}, clinic_id, patient_key
),

counted as (
    {{ over_clinics("patients", cell, ["events", "sessions_with_event"], "patients_with_event", "clinics_with_event",
        "largest_clinic_share_with_event") }}
),

terms as (
    select distinct term, exposure, linkage from placed
),

-- That a term was never seen at a level is worth knowing too.
cells as (
    select terms.term, 'all' as severity, exposed.exposure, exposed.level, exposed.asking
    from terms
    inner join exposed using (exposure)
    union
    select {{ cell }} from counted
),

joined as (
    select
        cells.*,
        terms.linkage,
        coalesce(counted.events, 0) as events,
        coalesce(counted.sessions_with_event, 0) as sessions_with_event,
        coalesce(counted.patients_with_event, 0) as patients_with_event,
        coalesce(counted.clinics_with_event, 0) as clinics_with_event,
        counted.largest_clinic_share_with_event,
        exposed.sessions as sessions_exposed,
        exposed.needles as needles_exposed,
        exposed.patients as patients_exposed,
        exposed.clinics,
        exposed.largest_clinic_share
    from cells
    left join counted using ({{ cell }})
    left join terms using (term, exposure)
    left join exposed using (exposure, level, asking)
)

select
    {{ cell }},
    linkage,
    events,
    sessions_with_event,
    patients_with_event,
    sessions_exposed,
    needles_exposed,
    patients_exposed,
    1000.0 * events / nullif(sessions_exposed, 0) as events_per_1000_sessions,
    {{ exact_columns("events_per_1000_sessions", "events", "sessions_exposed", "poisson", 1000.0) }},
    1.0 * sessions_with_event / nullif(sessions_exposed, 0) as share_of_sessions_with_event,
    {{ exact_columns("share_of_sessions_with_event", "sessions_with_event", "sessions_exposed", "share", 1.0) }},
    if(linkage = 'needle_or_region', 10000.0 * events / nullif(needles_exposed, 0), null) as events_per_10000_needles,
    {{ exact_columns("events_per_10000_needles", "if(linkage = 'needle_or_region', events, null)",
        "needles_exposed", "poisson", 10000.0) }},
    clinics,
    largest_clinic_share,
    clinics_with_event,
    largest_clinic_share_with_event
from joined
