-- Every name that a clinic has for a practitioner, and whose it is. Who holds the same credential by issuer and number
-- is one person, in whatever clinic and by whatever name.
with recursive credentials as (
    select clinic_id, practitioner_id, credential_key from {{ current_credentials() }}
    where practitioner_id is not null
),

sessions as (
    select distinct clinic_id, practitioner_id from {{ ref("stg_sessions") }}
    where practitioner_id is not null
),

names as (
    select clinic_id, practitioner_id from credentials
    union
    select clinic_id, practitioner_id from sessions
),

known_by as (
    select distinct
        credential_key,
        md5(concat_ws('!', clinic_id, practitioner_id)) as name_key
    from credentials
    where credential_key is not null
),

held_with as (
    select name_key, min(name_key) over (partition by credential_key) as first_holder
    from known_by
),

-- Over each credential from the first of its holders to the others: few steps, whatever the number of holders.
neighbours as (
    select first_holder as from_key, name_key as to_key
    from held_with
    where first_holder <> name_key
),

links as (
    select from_key, to_key from neighbours
    union
    select to_key as from_key, from_key as to_key from neighbours
),

reached as (
    select from_key as name_key, from_key as reaches from links
    union
    select reached.name_key, links.to_key as reaches
    from reached
    inner join links on reached.reaches = links.from_key
),

persons as (
    select name_key, min(reaches) as practitioner_key
    from reached
    group by name_key
)

select
    names.clinic_id,
    names.practitioner_id,
    coalesce(persons.practitioner_key, md5(concat_ws('!', names.clinic_id, names.practitioner_id)))
        as practitioner_key
from names
left join persons on md5(concat_ws('!', names.clinic_id, names.practitioner_id)) = persons.name_key
