{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- By every credential of the person that authorises practice, in whatever clinic it was recorded. Who has none recorded
-- is unknown here, not unlicensed.
with sessions as (
    select * from {{ current_events("stg_sessions") }}
),

registrations as (
    select * from {{ ref("practitioner_registrations") }}
),

credentials as (
    select * from {{ ref("practitioner_credentials") }}
    where authorises_practice
),

treated as (
    select
        sessions.clinic_id,
        sessions.patient_id,
        sessions.event_id,
        sessions.month,
        sessions.local_date,
        registrations.practitioner_key
    from sessions
    inner join registrations using (clinic_id, practitioner_id)
),

-- Many sessions of a practitioner fall on one day: each day is judged once.
days as (
    select distinct practitioner_key, local_date from treated
),

judged as (
    select
        days.practitioner_key,
        days.local_date,
        days.local_date >= credentials.valid_from
        and (credentials.valid_until is null or days.local_date <= credentials.valid_until) as is_valid,
        credentials.credential,
        credentials.title,
        row(credentials.valid_from, credentials.said_order) as precedence
    from days
    inner join credentials using (practitioner_key)
),

licences as (
    select
        practitioner_key,
        local_date,
        bool_or(is_valid) as is_licensed,
        max_by(credential, precedence) filter (where is_valid) as credential,
        max_by(title, precedence) filter (where is_valid and title is not null) as title
    from judged
    group by practitioner_key, local_date
)

select
    treated.clinic_id,
    treated.patient_id,
    treated.event_id,
    treated.month,
    licences.is_licensed,
    licences.credential,
    licences.title
from treated
inner join licences using (practitioner_key, local_date)
