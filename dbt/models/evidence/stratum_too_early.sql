{%- set single = [
    ("network", "'network'"), ("clinic", "clinic_id"), ("credential", "credential"), ("experience", "experience"),
    ("condition", "condition"), ("condition_group", "condition_group"), ("age_and_sex", "age_and_sex"),
    ("first_visit", "first_visit"), ("month", "cast(month as varchar)")
] -%}
{%- set stratum = "stratifier, stratum, asking, ae_screen_method" -%}

with sessions as (
    select * from {{ ref("ascertained_sessions") }}
    where not is_ascertained
),

sets as (
    select * from {{ ref("exposure_sets") }}
),

memberships as (
    {%- for stratifier, column in single %}
        {{ "union all" if not loop.first }}
        select '{{ stratifier }}' as stratifier, {{ column }} as stratum, sessions.* from sessions
    {%- endfor %}
    {%- for stratifier in ["technique", "training", "region"] %}
        union all
        select '{{ stratifier }}' as stratifier, sets.level as stratum, sessions.*
        from sessions
        inner join sets on sets.exposure = '{{ stratifier }}' and sessions.{{ stratifier }}_set = sets.members
    {%- endfor %}
),

by_method as (
    select {{ stratum }}, clinic_id, patient_key, events from memberships
    union all
    select stratifier, stratum, asking, 'all' as ae_screen_method, clinic_id, patient_key, events from memberships
),

patients as (
    select {{ stratum }}, clinic_id, patient_key, count(*) as sessions, sum(events) as events
    from by_method
    group by {{ stratum }}, clinic_id, patient_key
),

clinics as (
    select {{ stratum }}, clinic_id, count(*) as patients, sum(sessions) as sessions, sum(events) as events
    from patients
    group by {{ stratum }}, clinic_id
)

select
    {{ stratum }},
    cast(sum(sessions) as bigint) as sessions_too_early,
    cast(sum(events) as bigint) as events_too_early,
    cast(sum(patients) as bigint) as patients_too_early,
    count(*) as clinics_too_early,
    max(patients) / sum(patients) as largest_clinic_share_too_early
from clinics
group by {{ stratum }}
