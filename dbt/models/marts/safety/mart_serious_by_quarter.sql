with sessions as (
    select
        cast(date_trunc('quarter', month) as date) as quarter,
        clinic_id,
        patient_key,
        count(*) as sessions_asked
    from {{ ref("ascertained_sessions") }}
    where is_ascertained and asking = 'asked'
    group by date_trunc('quarter', month), clinic_id, patient_key
),

events as (
    select
        cast(date_trunc('quarter', month) as date) as quarter,
        clinic_id,
        patient_key,
        count(*) as serious_events,
        count(*) filter (where is_ascertained and asking = 'asked') as serious_events_asked
    from {{ ref("counted_adverse_events") }}
    where is_serious
    group by date_trunc('quarter', month), clinic_id, patient_key
),

asked as (
    {{ over_clinics("sessions", "quarter", ["sessions_asked"], "patients_asked") }}
),

serious as (
    {{ over_clinics("events", "quarter", ["serious_events", "serious_events_asked"], "patients_with_serious_event",
        "clinics_with_serious_event", "largest_clinic_share_with_serious_event") }}
),

counted as (
    select
        quarter,
        coalesce(serious.serious_events, 0) as serious_events,
        coalesce(asked.sessions_asked, 0) as sessions_asked,
        coalesce(serious.serious_events_asked, 0) as serious_events_asked,
        coalesce(asked.patients_asked, 0) as patients_asked,
        coalesce(asked.clinics, 0) as clinics,
        asked.largest_clinic_share,
        coalesce(serious.patients_with_serious_event, 0) as patients_with_serious_event,
        coalesce(serious.clinics_with_serious_event, 0) as clinics_with_serious_event,
        serious.largest_clinic_share_with_serious_event
    from asked
    full outer join serious using (quarter)
)

select
    *,
    10000.0 * serious_events_asked / nullif(sessions_asked, 0) as rate_per_10000_sessions,
    {{ exact_columns("rate_per_10000_sessions", "serious_events_asked", "sessions_asked", "poisson",
        10000.0) }}
from counted
