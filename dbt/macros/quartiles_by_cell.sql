{#-
How quantities are spread within cells, a row for each cell and quantity: from a relation whose rows have a column for
each quantity, NULL where it is not known. `n` counts the known values, `patients` whose they are.
-#}
{% macro quartiles_by_cell(relation, cell, quantities) -%}
    {%- set named = cell | join(", ") -%}
    with spread as (
        select
            {{ named }}
            {%- for quantity in quantities %},
            count({{ quantity }}) as {{ quantity }}_n,
            avg({{ quantity }}) as {{ quantity }}_mean,
            quantile_cont({{ quantity }}, [0.25, 0.5, 0.75]) as {{ quantity }}_quartiles
            {%- endfor %}
        from {{ relation }}
        group by {{ named }}
    ),

    by_patient as (
        select
            {{ named }}, clinic_id, patient_key
            {%- for quantity in quantities %}, cast(count({{ quantity }}) > 0 as integer) as {{ quantity }}{% endfor %}
        from {{ relation }}
        group by {{ named }}, clinic_id, patient_key
    ),

    by_clinic as (
        select
            {{ named }}, clinic_id
            {%- for quantity in quantities %}, sum({{ quantity }}) as {{ quantity }}{% endfor %}
        from by_patient
        group by {{ named }}, clinic_id
    ),

    behind as (
        select
            {{ named }}
            {%- for quantity in quantities %},
            cast(sum({{ quantity }}) as bigint) as {{ quantity }}_patients,
            {{ clinics_behind(quantity, quantity ~ "_") }}
            {%- endfor %}
        from by_clinic
        group by {{ named }}
    )

    {% for quantity in quantities -%}
    select
        {{ named }},
        '{{ quantity }}' as quantity,
        {{ quantity }}_n as n,
        {{ quantity }}_mean as mean,
        {{ quantity }}_quartiles[1] as lower_quartile,
        {{ quantity }}_quartiles[2] as median,
        {{ quantity }}_quartiles[3] as upper_quartile,
        {{ quantity }}_patients as patients,
        {{ quantity }}_clinics as clinics,
        {{ quantity }}_largest_clinic_share as largest_clinic_share
    from spread
    inner join behind using ({{ named }})
    where {{ quantity }}_n > 0
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{%- endmacro %}
