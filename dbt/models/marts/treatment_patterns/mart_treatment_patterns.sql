with sessions as (
    select * from {{ ref("sessions") }}
),

points as (
    select distinct clinic_id, patient_id, session_id, point_code
    from {{ ref("needles") }}
    where point_code is not null
),

condition_groups as (
    select condition_group, count(*) as sessions
    from sessions
    group by condition_group
),

used as (
    select
        sessions.condition_group,
        points.point_code,
        count(*) as sessions,
        avg(sessions.needles) as needles_per_session_mean,
        avg(sessions.retention_min) as retention_min_mean
    from points
    inner join sessions using (clinic_id, patient_id, session_id)
    group by sessions.condition_group, points.point_code
)

select
    used.condition_group,
    used.point_code,
    used.sessions,
    used.sessions / condition_groups.sessions as share,
    row_number() over (
        partition by used.condition_group
        order by used.sessions desc, used.point_code asc
    ) as rank,
    used.needles_per_session_mean,
    used.retention_min_mean
from used
inner join condition_groups using (condition_group)
