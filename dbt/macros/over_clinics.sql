{#- `counted_by_cell` for counts: whole numbers, under the names that the caller has for patients, clinics and the largest
    clinic's share. -#}
{% macro over_clinics(relation, cell, sums, patients="patients", clinics="clinics", share="largest_clinic_share") -%}
    select
        {{ cell }},
        {%- for column in sums %}
            cast({{ column }} as bigint) as {{ column }},
        {%- endfor %}
        patients as {{ patients }},
        clinics as {{ clinics }},
        largest_clinic_share as {{ share }}
    from (
        {{ counted_by_cell(relation, cell.split(", "), sums) | indent(8) }}
    )
{%- endmacro %}
