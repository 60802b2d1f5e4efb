with credentials as (
    select * from {{ current_credentials() }}
),

registrations as (
    select * from {{ ref("practitioner_registrations") }}
),

named as (
    select
        clinic_id,
        practitioner_id,
        local_date,
        unnest(
            if(credential = 'clean_needle_technique', list_append(trainings, 'clean_needle_technique'), trainings)
        ) as training
    from credentials
),

known as (
    select code from {{ ref("trainings") }}
)

select
    registrations.practitioner_key,
    coalesce(known.code, 'unlisted') as training,
    min(named.local_date) as known_since
from named
inner join registrations using (clinic_id, practitioner_id)
left join known on named.training = known.code
where named.training is not null
group by registrations.practitioner_key, coalesce(known.code, 'unlisted')
