with events as (
    select
        *,
        {{ onset_band("onset_hours", "session_hours") }} as onset
    from {{ ref("counted_adverse_events") }}
    where coalesce(is_ascertained, true)
),

patients as (
    select term, onset, clinic_id, patient_key, count(*) as events
    from events
    group by term, onset, clinic_id, patient_key
),

patients_of_term as (
    select term, clinic_id, patient_key, count(*) as events, count(*) filter (where onset <> 'not_recorded') as timed
    from events
    group by term, clinic_id, patient_key
),

counted as (
    {{ over_clinics("patients", "term, onset", ["events"], "patients_with_event") }}
),

whole as (
    {{ over_clinics("patients_of_term", "term", ["events", "timed"]) }}
)

select
    counted.term,
    counted.onset,
    counted.events,
    counted.patients_with_event,
    whole.timed as events_with_onset,
    whole.patients,
    if(counted.onset = 'not_recorded', null, counted.events / nullif(whole.timed, 0)) as share_of_events_with_onset,
    {{ exact_columns("share_of_events_with_onset", "if(counted.onset = 'not_recorded', null, counted.events)",
        "whole.timed", "share", 1.0) }},
    counted.clinics,
    counted.largest_clinic_share
from counted
inner join whole using (term)
