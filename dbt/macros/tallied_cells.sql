{#- Cells, one row a cluster, by what rates and intervals need to know of them: their sums by clinic and by practitioner,
    and how many have the same counts. `cells` counts the rows. -#}
{% macro tallied_cells(relation) -%}
    {%- for place in ["clinic_key", "practitioner_key"] %}
        select
            stratum_key,
            {{ place }},
            {{ sums_of_sums("bigint") | indent(8) }},
            count(*) as cells,
            count(*) filter (where events > 0) as cells_with_event,
            count(*) filter (where needles > 0) as cells_needled
        from {{ relation }}
        group by stratum_key, {{ place }}
        union all by name
    {%- endfor %}
    {%- for counts in [["sessions", "events", "sessions_with_event"], ["needles", "events_with_needles"]] %}
        {{ "union all by name" if not loop.first }}
        select
            stratum_key,
            {%- for column in counts %}
                {{ column }} as cell_{{ column }},
            {%- endfor %}
            count(*) as cells
        from {{ relation }}
        group by stratum_key, {{ counts | join(", ") }}
    {%- endfor %}
{%- endmacro %}
