-- Only what the network knows can be found again in what was done.
with plans as (
    select clinic_id, patient_id, plan_id, version, points, techniques from {{ ref("plan_versions") }}
),

named as (
    select clinic_id, patient_id, plan_id, version, unnest(points) as point_code, null as technique from plans
    union all
    select clinic_id, patient_id, plan_id, version, null as point_code, unnest(techniques) as technique from plans
),

points as (
    select point_code, number from {{ ref("numbered_points") }}
),

techniques as (
    select levels.level as technique, levels.number
    from {{ ref("exposure_levels") }} as levels
    inner join {{ ref("techniques") }} as listed on levels.level = listed.code
    where levels.exposure = 'technique'
)

select
    named.clinic_id,
    named.patient_id,
    named.plan_id,
    named.version,
    coalesce(list(distinct points.number) filter (where points.number is not null), []) as points,
    coalesce(bit_or(cast(1 as bigint) << techniques.number), 0) as technique_set
from named
left join points using (point_code)
left join techniques using (technique)
where points.number is not null or techniques.number is not null
group by named.clinic_id, named.patient_id, named.plan_id, named.version
