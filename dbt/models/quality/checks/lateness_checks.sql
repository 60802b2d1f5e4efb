-- What arrived after the moment that the release speaks of was loaded afterwards: of its delay nothing can be said.
-- What happened before the clinic joined the network is its history, however late it comes.
with events as (
    select * from {{ ref("stg_events") }}
),

clinics as (
    select * from {{ ref("stg_clinics") }}
),

arrived as (
    select
        events.clinic_id,
        cast({{ clinic_local_time("events.received_at", "clinics.time_zone", "0") }} as date) as day,
        events.received_at <= {{ as_of() }} as is_timely,
        events.received_at - events.occurred_at > interval 7 day
        and coalesce(events.occurred_at >= clinics.joined_at, true) as is_late
    from events
    left join clinics using (clinic_id)
)

select
    clinic_id,
    day,
    'late_events' as check_id,
    count(*) filter (where is_timely and is_late) as numerator,
    count(*) filter (where is_timely) as denominator
from arrived
group by clinic_id, day
