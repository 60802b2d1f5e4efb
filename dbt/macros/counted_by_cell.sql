{#-
Sums and distinct patients of cells, from a relation with one row per cell, clinic and patient: by clinic first, so that
no patient has to be told apart twice, and so that it is known how many clinics are behind each cell.
-#}
{% macro counted_by_cell(relation, cell, sums=[], prefix="") -%}
    with by_clinic as (
        select
            {% for column in cell %}{{ column }}, {% endfor -%}
            clinic_id,
            {% for column in sums %}sum({{ column }}) as {{ column }}, {% endfor -%}
            count(*) as patients
        from {{ relation }}
        group by {{ (cell + ["clinic_id"]) | join(", ") }}
    )

    select
        {% for column in cell %}{{ column }}, {% endfor -%}
        {% for column in sums %}sum({{ column }}) as {{ column }}, {% endfor -%}
        cast(sum(patients) as bigint) as patients,
        {{ clinics_behind("patients", prefix) }}
    from by_clinic
    {% if cell %}group by {{ cell | join(", ") }}{% endif %}
{%- endmacro %}
