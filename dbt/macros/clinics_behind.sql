{#- Of rows that are clinics: how many have such a patient, and the largest one's share of all of these patients. -#}
{% macro clinics_behind(patients, prefix="") -%}
    count(*) filter (where {{ patients }} > 0) as {{ prefix }}clinics,
    max({{ patients }}) / nullif(sum({{ patients }}), 0) as {{ prefix }}largest_clinic_share
{%- endmacro %}
