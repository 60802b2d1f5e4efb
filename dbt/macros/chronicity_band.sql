{#- Chronic is, since ICD-11, what has lasted more than three months. -#}
{% macro chronicity_band(chronicity_years) -%}
    case
        when {{ chronicity_years }} is null then 'not_recorded'
        when {{ chronicity_years }} < 0.25 then 'under_3_months'
        when {{ chronicity_years }} < 1 then '3_to_12_months'
        when {{ chronicity_years }} < 5 then '1_to_5_years'
        else '5_years_and_more'
    end
{%- endmacro %}
