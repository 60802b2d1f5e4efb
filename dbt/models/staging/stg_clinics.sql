with registered as (
    select clinic_id, timezone, added_at, suspended_at from {{ registry_table("clinics") }}
),

time_zones as (
    select name from pg_timezone_names()
)

select
    registered.clinic_id,
    case when registered.timezone not in ('UTC', 'Etc/UTC') then time_zones.name end as time_zone,
    registered.added_at as joined_at,
    registered.suspended_at is not null as is_suspended
from registered
left join time_zones on registered.timezone = time_zones.name
