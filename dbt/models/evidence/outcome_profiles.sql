{%- set stratifiers = ["condition_group", "chronicity", "sex", "age_and_sex", "first_time_acupuncture", "arm"] -%}
with profiles as (
    select distinct profile, design, {{ stratifiers | join(", ") }} from {{ ref("outcome_strata") }}
),

listed as (
    select profile, 'network' as stratifier, 'all' as stratum, design as study_design from profiles
    {%- for stratifier in stratifiers %}
        union all
        select profile, '{{ stratifier }}' as stratifier, {{ stratifier }} as stratum, design as study_design
        from profiles
    {%- endfor %}
)

select
    profile,
    stratifier,
    stratum,
    -- Only arms are allocated; every other stratum is its own before and after.
    if(stratifier = 'arm', study_design, 'uncontrolled before-after') as design
from listed
where stratum is not null and (stratifier <> 'arm' or study_design is not null)
