{#- Local events count at the needle or region that they are linked to; all others at whatever the session had. -#}
{%- set at_needle = {"region": "region", "depth_band": "depth_band", "gauge_band": "gauge_band"} -%}

with events as (
    select * from {{ ref("counted_adverse_events") }}
    where is_ascertained
),

sessions as (
    select * from {{ ref("ascertained_sessions") }}
),

sets as (
    select * from {{ ref("exposure_sets") }}
),

exposed as (
    select events.*, sessions.technique_set, sessions.region_set, sessions.depth_set, sessions.gauge_set
    from events
    inner join sessions using (session_key)
),

by_session as (
    {%- for exposure, members in [
        ("technique", "technique_set"), ("region", "region_set"), ("depth_band", "depth_set"),
        ("gauge_band", "gauge_set")
    ] %}
        {{ "union all" if not loop.first }}
        select exposed.clinic_id, exposed.event_id, sets.exposure, sets.level, 'session' as linkage
        from exposed
        inner join sets on sets.exposure = '{{ exposure }}' and exposed.{{ members }} = sets.members
        {%- if exposure != "technique" %}
            where exposed.scope <> 'local'
        {%- endif %}
    {%- endfor %}
),

placed as (
    select
        clinic_id,
        event_id,
        coalesce(region, 'not_placed') as region,
        if(needle_position is null, 'not_placed', {{ depth_band("needle_depth_mm") }}) as depth_band,
        if(needle_position is null, 'not_placed', {{ gauge_band("needle_gauge_mm") }}) as gauge_band
    from events
    where scope = 'local'
),

by_needle as (
    {%- for exposure, level in at_needle.items() %}
        {{ "union all" if not loop.first }}
        select clinic_id, event_id, '{{ exposure }}' as exposure, {{ level }} as level, 'needle_or_region' as linkage
        from placed
    {%- endfor %}
)

select * from by_session
union all
select * from by_needle
