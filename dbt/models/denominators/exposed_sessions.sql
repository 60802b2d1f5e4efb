{%- set exposures = [
    ("technique", "technique_set"), ("region", "region_set"), ("depth_band", "depth_set"), ("gauge_band", "gauge_set")
] -%}

with sessions as (
    select * from {{ ref("ascertained_sessions") }}
    where is_ascertained
),

sets as (
    select * from {{ ref("exposure_sets") }}
),

-- Equal sets of a patient are counted before they are taken apart.
of_one_set as (
    {%- for exposure, members in exposures %}
        {{ "union all" if not loop.first }}
        select
            '{{ exposure }}' as exposure, {{ members }} as members, asking, clinic_id, patient_key, count(*) as sessions
        from sessions
        group by {{ members }}, asking, clinic_id, patient_key
    {%- endfor %}
),

patients as (
    select
        of_one_set.exposure, sets.level, of_one_set.asking, of_one_set.clinic_id, sum(of_one_set.sessions) as sessions
    from of_one_set
    inner join sets using (exposure, members)
    group by of_one_set.exposure, sets.level, of_one_set.asking, of_one_set.clinic_id, of_one_set.patient_key
),

counted as (
    {{ over_clinics("patients", "exposure, level, asking", ["sessions"]) }}
),

needles as (
    select
        {{ session_key("needles") }} as session_key,
        coalesce(region, 'not_recorded') as region,
        {{ depth_band("depth_mm") }} as depth_band,
        {{ gauge_band("gauge_mm") }} as gauge_band
    from {{ ref("needles") }} as needles
),

asked as (
    select
        sessions.asking,
        needles.region,
        needles.depth_band,
        needles.gauge_band,
        count(*) as needles
    from needles
    inner join sessions using (session_key)
    group by sessions.asking, needles.region, needles.depth_band, needles.gauge_band
),

needles_of_level as (
    {%- for exposure, _ in exposures if exposure != "technique" %}
        {{ "union all" if not loop.first }}
        select '{{ exposure }}' as exposure, {{ exposure }} as level, asking, sum(needles) as needles
        from asked
        group by {{ exposure }}, asking
    {%- endfor %}
)

select
    counted.exposure,
    counted.level,
    counted.asking,
    counted.sessions,
    if(counted.exposure = 'technique', null, coalesce(cast(needles_of_level.needles as bigint), 0)) as needles,
    counted.patients,
    counted.clinics,
    counted.largest_clinic_share
from counted
left join needles_of_level using (exposure, level, asking)
