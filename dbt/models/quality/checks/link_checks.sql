with adverse_events as (
    select * from {{ ref("adverse_events") }}
),

needles as (
    select sessions.clinic_id, sessions.local_date, needles.point_code
    from {{ ref("needles") }} as needles
    inner join {{ ref("sessions") }} as sessions using (clinic_id, patient_id, session_id)
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
    count(*) filter (where point_code is null) as numerator,
    count(*) as denominator
from needles
group by clinic_id, local_date
