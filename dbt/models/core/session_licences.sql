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

-- Many sessions of a practitioner fall on one day: each day is judged once.
days as (
    select distinct registrations.practitioner_key, sessions.local_date
    from sessions
    inner join registrations using (clinic_id, practitioner_id)
),

judged as (
    select
        days.practitioner_key,
        days.local_date,
        days.local_date >= credentials.valid_from
        and (credentials.valid_until is null or days.local_date <= credentials.valid_until) as is_valid,
        credentials.credential,
        credentials.title,
        credentials.valid_from,
        credentials.said_order
    from days
    inner join credentials using (practitioner_key)
)

select
    practitioner_key,
    local_date,
    bool_or(is_valid) as is_licensed,
    max_by(credential, row(valid_from, said_order)) filter (where is_valid) as credential,
    max_by(title, row(valid_from, said_order)) filter (where is_valid and title is not null) as title
from judged
group by practitioner_key, local_date
