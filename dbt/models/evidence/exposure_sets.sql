-- Few sets occur: each is taken apart once.
with sessions as (
    select technique_set, training_set, region_set, depth_set, gauge_set from {{ ref("ascertained_sessions") }}
),

levels as (
    select * from {{ ref("exposure_levels") }}
),

occurring as (
    select distinct 'technique' as exposure, technique_set as members from sessions
    union all
    select distinct 'training' as exposure, training_set as members from sessions
    union all
    select distinct 'region' as exposure, region_set as members from sessions
    union all
    select distinct 'depth_band' as exposure, depth_set as members from sessions
    union all
    select distinct 'gauge_band' as exposure, gauge_set as members from sessions
)

select
    occurring.exposure,
    occurring.members,
    coalesce(levels.level, 'none') as level
from occurring
left join levels on occurring.exposure = levels.exposure and (occurring.members >> levels.number) & 1 = 1
