with registrations as (
    select * from {{ ref("practitioner_registrations") }}
),

credentials as (
    select * from {{ current_credentials() }}
),

stated as (
    select registrations.practitioner_key, credentials.*
    from credentials
    inner join registrations using (clinic_id, practitioner_id)
),

described as (
    select
        practitioner_key,
        max_by(practising_since_year, said_order) filter (where practising_since_year is not null)
            as practising_since_year,
        max_by(title, said_order) filter (where title is not null) as title,
        count(*) as credential_statements
    from stated
    group by practitioner_key
),

named as (
    select
        practitioner_key,
        count(distinct clinic_id) as clinics,
        count(*) as names
    from registrations
    group by practitioner_key
)

select
    named.practitioner_key,
    named.clinics,
    named.names,
    described.practising_since_year,
    described.title,
    coalesce(described.credential_statements, 0) as credential_statements
from named
left join described using (practitioner_key)
