with adverse_events as (
    select * from {{ ref("adverse_events") }}
),

needling as (
    select sessions.clinic_id, sessions.local_date, needling.needles_listed, needling.points_unrecognised
    from {{ ref("session_needling") }} as needling
    inner join {{ ref("sessions") }} as sessions using (session_key)
)

select
    clinic_id,
    local_date as day,
    'ae_unlinked' as check_id,
    count(*) filter (where session_id is null) as numerator,
    count(*) as denominator
from adverse_events
group by clinic_id, local_date
union all
select
    clinic_id,
    local_date as day,
    'points_unrecognised' as check_id,
    cast(sum(points_unrecognised) as bigint) as numerator,
    cast(sum(needles_listed) as bigint) as denominator
from needling
group by clinic_id, local_date
