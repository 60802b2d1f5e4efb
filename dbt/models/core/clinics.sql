with registered as (
    select * from {{ ref("stg_clinics") }}
),

heard_of as (
    select distinct clinic_id from {{ ref("stg_dispositions") }}
    where not is_test
)

select
    coalesce(registered.clinic_id, heard_of.clinic_id) as clinic_id,
    registered.time_zone,
    registered.clinic_id is not null as is_registered,
    coalesce(registered.is_suspended, false) as is_suspended
from registered
full outer join heard_of on registered.clinic_id = heard_of.clinic_id
