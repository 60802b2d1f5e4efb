{%- set profiles = session_profiles() -%}
-- Tens of millions of rows: numbers alone are grouped by, each profile for itself, and the sums are short.
with sessions as (
    select
        {%- for name in profiles %}
            {{ profile_key(name) }} as {{ name }},
        {%- endfor %}
        practitioner_key,
        patient_key,
        hash(clinic_id) as clinic_key,
        hash(ae_screen_method, asking) as way,
        cast(events as integer) as events,
        cast(needles as integer) as needles
    from {{ ref("ascertained_sessions") }}
    where is_ascertained
),

strata as (
    select profile, stratum_key from {{ ref("stratum_profiles") }}
),

-- Most patients have one practitioner, who asks in one way: of all ways together the same holds as of that one.
plain_patients as (
    select patient_key
    from sessions
    group by patient_key
    having min(practitioner_key) = max(practitioner_key) and min(way) = max(way)
),

counted as (
    {%- for name in profiles %}
        {{ "union all" if not loop.first }}
        select
            {{ name }} as profile,
            practitioner_key,
            patient_key,
            min(clinic_key) as clinic_key,
            {{ sums_of_sessions() | indent(8) }}
        from sessions
        group by {{ name }}, practitioner_key, patient_key
    {%- endfor %}
),

-- Materialised, or else DuckDB sums once more before the join, and puts together what it summed after it.
placed as materialized (
    select strata.stratum_key, counted.* exclude (profile)
    from counted
    inner join strata using (profile)
),

cells as (
    select
        stratum_key,
        practitioner_key,
        patient_key,
        min(clinic_key) as clinic_key,
        {{ sums_of_sums() | indent(4) }}
    from placed
    group by stratum_key, practitioner_key, patient_key
)

select cells.*, plain_patients.patient_key is not null as is_plain
from cells
left join plain_patients using (patient_key)
