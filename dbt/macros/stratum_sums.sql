{#- What is summed over the sessions of a stratum whose ascertainment window is over. Sums of short numbers are cheaper. -#}
{% macro sums_of_sessions() -%}
    cast(count(*) as integer) as sessions,
    cast(sum(events) as integer) as events,
    cast(sum(if(events > 0, 1, 0)) as integer) as sessions_with_event,
    cast(sum(coalesce(needles, 0)) as integer) as needles,
    cast(sum(if(needles is null, 0, events)) as integer) as events_with_needles
{%- endmacro %}


{#- The same sums, of rows that are such sums. -#}
{% macro sums_of_sums(type="integer") -%}
    {%- for column in ["sessions", "events", "sessions_with_event", "needles", "events_with_needles"] -%}
        cast(sum({{ column }}) as {{ type }}) as {{ column }}{{ ",
    " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
