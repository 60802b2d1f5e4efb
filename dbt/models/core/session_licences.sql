-- A practitioner of whom the clinic never recorded a credential is unknown here, not unlicensed.
with sessions as (
    select * from {{ ref("stg_sessions") }}
),

credentials as (
    select * from {{ ref("practitioner_credentials") }}
)

select
    sessions.clinic_id,
    sessions.event_id,
    bool_or(
        sessions.local_date >= credentials.valid_from
        and (credentials.valid_until is null or sessions.local_date <= credentials.valid_until)
    ) as is_licensed
from sessions
inner join credentials using (clinic_id, practitioner_id)
group by sessions.clinic_id, sessions.event_id
