{#- Tens of millions of pairs of a stratum and a patient: numbers alone are grouped by, and most patients, who have one
    practitioner and one way of asking, are grouped once instead of three times. -#}
{%- set lasting = ["clinic_id", "credential", "experience", "condition", "condition_group", "age_and_sex"] -%}
{%- set key = "practitioner_key, patient_key, clinic_id, ae_screen_method, asking" -%}
{%- set divided = [
    ("network", "lasting", "'network'"), ("clinic", "lasting", "clinic_id"), ("credential", "lasting", "credential"),
    ("experience", "lasting", "experience"), ("condition", "lasting", "condition"),
    ("condition_group", "lasting", "condition_group"), ("age_and_sex", "lasting", "age_and_sex"),
    ("training", "trained", "level"), ("first_visit", "treated", "first_visit"), ("technique", "by_technique", "level"),
    ("month", "monthly", "cast(month as varchar)"), ("region", "by_region", "level")
] -%}
{%- set sums = "sessions, events, sessions_with_event, needles, events_with_needles" -%}
{%- set row_key = "stratifier, stratum, asking, ae_screen_method" -%}

with sessions as (
    select * from {{ ref("ascertained_sessions") }}
    where is_ascertained
),

sets as (
    select * from {{ ref("exposure_sets") }}
),

plain_patients as (
    select patient_key
    from sessions
    group by patient_key
    having
        min(practitioner_key) = max(practitioner_key)
        and min(ae_screen_method) = max(ae_screen_method)
        and min(asking) = max(asking)
),

treated as (
    select {{ key }}, {{ lasting[1:] | join(", ") }}, training_set, technique_set, first_visit, {{ sums_of_sessions() }}
    from sessions
    group by {{ key }}, {{ lasting[1:] | join(", ") }}, training_set, technique_set, first_visit
),

lasting as (
    select {{ key }}, {{ lasting[1:] | join(", ") }}, training_set, {{ sums_of_sums() }}
    from treated
    group by {{ key }}, {{ lasting[1:] | join(", ") }}, training_set
),

monthly as (
    select {{ key }}, month, {{ sums_of_sessions() }}
    from sessions
    group by {{ key }}, month
),

regional as (
    select {{ key }}, region_set, {{ sums_of_sessions() }}
    from sessions
    group by {{ key }}, region_set
),

trained as (
    select lasting.*, sets.level
    from lasting
    inner join sets on lasting.training_set = sets.members and sets.exposure = 'training'
),

by_technique as (
    select treated.*, sets.level
    from treated
    inner join sets on treated.technique_set = sets.members and sets.exposure = 'technique'
),

by_region as (
    select regional.*, sets.level
    from regional
    inner join sets on regional.region_set = sets.members and sets.exposure = 'region'
),

-- Each stratum and way of asking by a number, and what it stands for.
strata as (
    {%- for stratifier, relation, stratum in divided %}
        {{ "union all" if not loop.first }}
        select distinct '{{ stratifier }}' as stratifier, {{ stratum }} as stratum, ae_screen_method, asking
        from {{ relation }}
    {%- endfor %}
),

numbered as (
    select *, hash(stratifier, stratum, ae_screen_method, asking) as stratum_key from strata
),

memberships as (
    {%- for stratifier, relation, stratum in divided %}
        {{ "union all" if not loop.first }}
        select
            hash('{{ stratifier }}', {{ stratum }}, ae_screen_method, asking) as stratum_key,
            practitioner_key, patient_key, clinic_id, {{ sums }}, maturity_sum, maturity_sessions
        from {{ relation }}
    {%- endfor %}
),

cells as (
    select stratum_key, practitioner_key, patient_key, any_value(clinic_id) as clinic_id, {{ sums_of_sums() }}
    from memberships
    group by stratum_key, practitioner_key, patient_key
),

plain_cells as (
    select cells.* from cells
    semi join plain_patients using (patient_key)
),

mixed_cells as (
    select numbered.stratifier, numbered.stratum, numbered.ae_screen_method, numbered.asking, cells.*
    from cells
    anti join plain_patients using (patient_key)
    inner join numbered using (stratum_key)
),

mixed_ways as (
    select * from mixed_cells
    union all
    select * replace ('all' as ae_screen_method) from mixed_cells
),

mixed_pairs as (
    select {{ row_key }}, practitioner_key, patient_key, clinic_id, {{ sums_of_sums() }}
    from mixed_ways
    group by {{ row_key }}, practitioner_key, patient_key, clinic_id
),

mixed_patients as (
    select
        {{ row_key }},
        patient_key,
        clinic_id,
        max_by(practitioner_key, row(sessions, practitioner_key)) as practitioner_key,
        {{ sums_of_sums() }}
    from mixed_pairs
    group by {{ row_key }}, patient_key, clinic_id
),

alike as (
    select
        stratum_key, practitioner_key, clinic_id, {{ sums }},
        sum(maturity_sum) as maturity_sum, sum(maturity_sessions) as maturity_sessions, count(*) as clusters
    from plain_cells
    group by stratum_key, practitioner_key, clinic_id, {{ sums }}
),

named as (
    select numbered.stratifier, numbered.stratum, numbered.ae_screen_method, numbered.asking, alike.*
    from alike
    inner join numbered using (stratum_key)
),

plain_alike as (
    select * exclude (stratum_key) from named
    union all
    select * exclude (stratum_key) replace ('all' as ae_screen_method) from named
),

pairs as (
    from plain_alike
    union all by name
    select * exclude (patient_key), 1 as clusters from mixed_pairs
),

patients as (
    from plain_alike
    union all by name
    select * exclude (patient_key), 1 as clusters from mixed_patients
),

practitioners as (
    select
        {{ row_key }},
        practitioner_key,
        {{ weighted_sums(sums) }}
    from pairs
    group by {{ row_key }}, practitioner_key
),

practitioners_of_patients as (
    select
        {{ row_key }},
        practitioner_key,
        sum(clusters) as patients,
        sum(clusters) filter (where events > 0) as patients_with_event
    from patients
    group by {{ row_key }}, practitioner_key
),

clusters as (
    select
        {{ row_key }}, 'patient' as clustering, clinic_id, {{ sums }},
        1 as patients, least(events, 1) as patients_with_event,
        sum(maturity_sum) as maturity_sum, sum(maturity_sessions) as maturity_sessions, sum(clusters) as clusters
    from patients
    group by {{ row_key }}, clinic_id, {{ sums }}
    union all by name
    select {{ row_key }}, 'pair' as clustering, {{ sums }}, sum(clusters) as clusters
    from pairs
    group by {{ row_key }}, {{ sums }}
    union all by name
    select {{ row_key }}, 'practitioner' as clustering, {{ sums }}, count(*) as clusters
    from practitioners
    group by {{ row_key }}, {{ sums }}
    union all by name
    select {{ row_key }}, 'practitioner' as clustering, patients, patients_with_event, count(*) as clusters
    from practitioners_of_patients
    group by {{ row_key }}, patients, patients_with_event
)

select
    {{ row_key }},
    clustering,
    coalesce(clinic_id, 'all') as clinic_id,
    {%- for column in sums.split(", ") + ["patients", "patients_with_event"] %}
        cast(coalesce({{ column }}, 0) as bigint) as {{ column }},
    {%- endfor %}
    coalesce(maturity_sum, 0) as maturity_sum,
    cast(coalesce(maturity_sessions, 0) as bigint) as maturity_sessions,
    cast(clusters as bigint) as clusters
from clusters
