{%- set banded = [("depth_band", "depth_set"), ("gauge_band", "gauge_set")] -%}

with sessions as (
    select * from {{ ref("ascertained_sessions") }}
    where is_ascertained
),

sets as (
    select * from {{ ref("exposure_sets") }}
),

-- Equal sets of a patient are counted before they are taken apart.
of_one_set as (
    {%- for exposure, members in banded %}
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

by_clinic as (
    select exposure, level, asking, clinic_id, sum(sessions) as sessions, count(*) as patients
    from patients
    group by exposure, level, asking, clinic_id
    union all
    -- These are strata, too.
    select stratifier as exposure, stratum as level, asking, clinic_id, sessions, patients
    from {{ ref("stratum_sums") }}
    where stratifier in ('technique', 'region') and ae_screen_method = 'all'
),

counted as (
    select
        exposure,
        level,
        asking,
        cast(sum(sessions) as bigint) as sessions,
        cast(sum(patients) as bigint) as patients,
        {{ clinics_behind("patients") | indent(8) }}
    from by_clinic
    group by exposure, level, asking
),

needling as (
    select sessions.asking, needling.levels
    from {{ ref("session_needling") }} as needling
    inner join sessions using (session_key)
),

needles as (
    select asking, unnest(levels) as levels from needling
),

asked as (
    select asking, levels, count(*) as needles
    from needles
    group by asking, levels
),

levels as (
    select * from {{ ref("exposure_levels") }}
),

needles_of_level as (
    {%- for exposure in ["region", "depth_band", "gauge_band"] %}
        {{ "union all" if not loop.first }}
        select '{{ exposure }}' as exposure, levels.level, asked.asking, sum(asked.needles) as needles
        from asked
        inner join levels
            on levels.exposure = '{{ exposure }}' and levels.number = {{ level_of_needle("asked.levels", exposure) }}
        group by levels.level, asked.asking
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
