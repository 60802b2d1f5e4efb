with needles as (
    select * from {{ ref("needles") }}
),

levels as (
    select * from {{ ref("exposure_levels") }}
),

-- Few combinations of levels occur: each is looked up once.
banded as (
    select
        {{ session_key("needles") }} as session_key,
        coalesce(region, 'not_recorded') as region,
        {{ depth_band("depth_mm") }} as depth_band,
        {{ gauge_band("gauge_mm") }} as gauge_band
    from needles
)

select
    banded.session_key,
    count(*) as needles_listed,
    bit_or(cast(1 as bigint) << regions.number) as region_set,
    bit_or(cast(1 as bigint) << depths.number) as depth_set,
    bit_or(cast(1 as bigint) << gauges.number) as gauge_set
from banded
inner join levels as regions on banded.region = regions.level and regions.exposure = 'region'
inner join levels as depths on banded.depth_band = depths.level and depths.exposure = 'depth_band'
inner join levels as gauges on banded.gauge_band = gauges.level and gauges.exposure = 'gauge_band'
group by banded.session_key
