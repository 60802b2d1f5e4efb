{#- Each session has one stratum of these stratifiers, so the strata of each add up to the network. -#}
{%- set divided = ["credential", "experience", "age_and_sex", "first_visit", "month"] -%}

with figures as (
    {{ stratum_figures(("network", "clinic", "credential", "experience", "condition", "condition_group", "age_and_sex",
        "first_visit", "month")) }}
),

conditions as (
    select code, "group" as condition_group from {{ ref("conditions") }}
)

select
    figures.*,
    if(figures.stratifier = 'clinic', figures.stratum, 'all') as clinic_id,
    {%- for column in divided %}
        if(figures.stratifier = '{{ column }}', figures.stratum, 'all') as {{ column }},
    {%- endfor %}
    if(figures.stratifier = 'condition', figures.stratum, 'all') as condition,
    case figures.stratifier
        when 'condition_group' then figures.stratum
        when 'condition' then coalesce(conditions.condition_group, 'not_recorded')
        else 'all'
    end as condition_group
from figures
left join conditions on figures.stratifier = 'condition' and figures.stratum = conditions.code
