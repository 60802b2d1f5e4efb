-- What sessions take from a practitioner, in one value, as it is in this build.
with registrations as (
    select * from {{ ref("practitioner_registrations") }}
),

practitioners as (
    select * from {{ ref("practitioners") }}
),

credentials as (
    select
        practitioner_key,
        md5(string_agg(
            concat_ws('!', credential, coalesce(title, '-'), valid_from, coalesce(cast(valid_until as varchar), '-')),
            '!' order by said_order, valid_from
        )) as state
    from {{ ref("practitioner_credentials") }}
    group by practitioner_key
)

select
    registrations.clinic_id,
    registrations.practitioner_id,
    md5(concat_ws(
        '!',
        registrations.practitioner_key,
        coalesce(cast(practitioners.practising_since_year as varchar), '-'),
        coalesce(credentials.state, '-')
    )) as state
from registrations
inner join practitioners using (practitioner_key)
left join credentials using (practitioner_key)
