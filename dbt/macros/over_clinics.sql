{#- From a relation with a row for each cell, clinic and patient: the sums of each cell, its distinct patients, its
    clinics, and how much of the patients the largest clinic has. Patients are counted clinic by clinic, for nobody is a
    patient of two. -#}
{% macro over_clinics(relation, cell, sums, patients="patients", clinics="clinics", share="largest_clinic_share") -%}
    select
        {{ cell }},
        {%- for column in sums %}
            cast(sum({{ column }}) as bigint) as {{ column }},
        {%- endfor %}
        cast(sum(people) as bigint) as {{ patients }},
        count(*) as {{ clinics }},
        max(people) / sum(people) as {{ share }}
    from (
        select {{ cell }}, clinic_id, count(*) as people{% for column in sums %}, sum({{ column }}) as {{ column }}{% endfor %}
        from {{ relation }}
        group by {{ cell }}, clinic_id
    )
    group by {{ cell }}
{%- endmacro %}
