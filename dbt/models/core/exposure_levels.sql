-- Sets of levels are kept as sums of powers of two, a level's number being its power: a session has few needles and
-- there are a hundred million of them.
with levels as (
    select 'region' as exposure, code as level from {{ ref("body_regions") }}
    union all
    select 'region' as exposure, 'not_recorded' as level
    union all
    select 'depth_band' as exposure, unnest({{ depth_bands() }}) as level
    union all
    select 'gauge_band' as exposure, unnest({{ gauge_bands() }}) as level
    union all
    select 'technique' as exposure, code as level from {{ ref("techniques") }}
    union all
    select 'technique' as exposure, 'cupping_' || code as level from {{ ref("cupping_kinds") }}
    union all
    select 'technique' as exposure, unnest(['needling', 'unlisted']) as level
    union all
    select 'training' as exposure, code as level from {{ ref("trainings") }}
    union all
    select 'training' as exposure, 'unlisted' as level
),

each_once as (
    select distinct exposure, level from levels
)

select
    exposure,
    level,
    cast(row_number() over (partition by exposure order by level) - 1 as integer) as number
from each_once
