{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with needles as (
    select * from {{ of_touched_patients("needles") }}
),

points as (
    select * from {{ ref("numbered_points") }}
),

levels as (
    select * from {{ ref("exposure_levels") }}
),

kinds as (
    select code, if(code in ('none', 'electrical', 'warm_needle'), code, 'by_hand') as kind
    from {{ ref("stimulations") }}
),

banded as (
    select
        *,
        coalesce(region, 'not_recorded') as level,
        {{ depth_band("depth_mm") }} as depth_band,
        {{ gauge_band("gauge_mm") }} as gauge_band
    from needles
)

select
    any_value(needles.clinic_id) as clinic_id,
    any_value(needles.patient_id) as patient_id,
    any_value(needles.session_id) as session_id,
    needles.session_key,
    any_value(needles.month) as month,
    count(*) as needles_listed,
    count(*) filter (where needles.point_code is null) as points_unrecognised,
    coalesce(list_sort(list_distinct(list(points.number))), []) as points,
    list_sort(list({{ needle_levels("regions.number", "depths.number", "gauges.number") }})) as levels,
    bit_or(cast(1 as bigint) << regions.number) as region_set,
    bit_or(cast(1 as bigint) << depths.number) as depth_set,
    bit_or(cast(1 as bigint) << gauges.number) as gauge_set,
    count(needles.stimulation) as stimulations_said,
    count(*) filter (where kinds.kind = 'none') as needles_unstimulated,
    count(*) filter (where kinds.kind = 'by_hand') as needles_stimulated_by_hand,
    count(*) filter (where kinds.kind = 'electrical') as needles_stimulated_electrically,
    count(*) filter (where kinds.kind = 'warm_needle') as needles_warmed,
    bool_and(needles.point_code is not null or needles.region is not null) as says_points,
    bool_and(needles.depth_mm is not null or needles.tissue_level is not null) as says_depth,
    bool_and(needles.response_sought is not null or needles.de_qi is not null) as says_response,
    bool_and(needles.stimulation is not null) as says_stimulation,
    bool_and(needles.retention_min is not null) as says_retention,
    bool_and(
        coalesce(needles.gauge_mm, needles.length_mm) is not null
        or coalesce(needles.manufacturer, needles.material) is not null
    ) as says_needle_type
from banded as needles
left join points on needles.point_code = points.point_code
left join kinds on needles.stimulation = kinds.code
inner join levels as regions on needles.level = regions.level and regions.exposure = 'region'
inner join levels as depths on needles.depth_band = depths.level and depths.exposure = 'depth_band'
inner join levels as gauges on needles.gauge_band = gauges.level and gauges.exposure = 'gauge_band'
group by needles.session_key
