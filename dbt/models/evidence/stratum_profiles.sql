{%- set divided = [
    ("network", "lasting", "'network'"), ("clinic", "lasting", "clinic_id"), ("credential", "lasting", "credential"),
    ("experience", "lasting", "experience"), ("condition", "lasting", "condition"),
    ("condition_group", "lasting", "condition_group"), ("age_and_sex", "lasting", "age_and_sex"),
    ("first_visit", "visit", "first_visit"), ("month", "time", "cast(month as varchar)")
] -%}
{%- set several = [
    ("training", "lasting", "training_set"), ("technique", "techniques", "technique_set"),
    ("region", "regions", "region_set")
] -%}

with sessions as (
    select * from {{ ref("ascertained_sessions") }}
    where is_ascertained
),

sets as (
    select * from {{ ref("exposure_sets") }}
),

{%- for name, columns in session_profiles().items() %}

    {{ name }} as (
        select
            {{ profile_key(name) }} as profile,
            {%- for column in columns %}
                any_value({{ column }}) as {{ column }},
            {%- endfor %}
            any_value(ae_screen_method) as ae_screen_method,
            any_value(asking) as asking
        from sessions
        group by {{ profile_key(name) }}
    ),
{%- endfor %}

strata as (
    {%- for stratifier, profiles, stratum in divided %}
        {{ "union all" if not loop.first }}
        select profile, '{{ stratifier }}' as stratifier, {{ stratum }} as stratum, asking, ae_screen_method
        from {{ profiles }}
    {%- endfor %}
    {%- for stratifier, profiles, members in several %}
        union all
        select
            {{ profiles }}.profile,
            sets.exposure as stratifier,
            sets.level as stratum,
            {{ profiles }}.asking,
            {{ profiles }}.ae_screen_method
        from {{ profiles }}
        inner join sets on {{ profiles }}.{{ members }} = sets.members and sets.exposure = '{{ stratifier }}'
    {%- endfor %}
)

select
    *,
    hash(stratifier, stratum, asking, ae_screen_method) as stratum_key,
    hash(stratifier, stratum, asking, 'all') as all_ways_key
from strata
