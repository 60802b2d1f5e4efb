with events as (
    select * from {{ ref("counted_adverse_events") }}
    where delay_days between 0 and age_days
),

delays as (
    select * from {{ ref("reporting_delays") }}
),

moments as (
    select unnest([0, 1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 60, 90, 120, 180, 365]) as days
),

patients as (
    select
        events.ae_screen_method,
        moments.days,
        events.clinic_id,
        events.patient_key,
        count(*) filter (where events.delay_days <= moments.days) as events_reported,
        count(*) as events
    from events
    cross join moments
    group by events.ae_screen_method, moments.days, events.clinic_id, events.patient_key
),

counted as (
    {{ over_clinics("patients", "ae_screen_method, days", ["events", "events_reported"], "patients_with_event") }}
),

reported as (
    select ae_screen_method, days, count(*) as patients_with_event_reported
    from patients
    where events_reported > 0
    group by ae_screen_method, days
)

select
    counted.ae_screen_method,
    counted.days,
    counted.events,
    counted.events_reported,
    1.0 * counted.events_reported / counted.events as share_reported,
    coalesce(delays.known, 0) as maturity,
    counted.patients_with_event,
    coalesce(reported.patients_with_event_reported, 0) as patients_with_event_reported,
    counted.clinics,
    counted.largest_clinic_share
from counted
asof left join delays
    on counted.ae_screen_method = delays.ae_screen_method and counted.days >= delays.delay_days
left join reported on counted.ae_screen_method = reported.ae_screen_method and counted.days = reported.days
