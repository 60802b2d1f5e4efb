{#- What is summed over the sessions of a stratum whose ascertainment window is over. -#}
{% macro sums_of_sessions() -%}
    count(*) as sessions,
    sum(events) as events,
    count(*) filter (where events > 0) as sessions_with_event,
    sum(coalesce(needles, 0)) as needles,
    sum(if(needles is null, 0, events)) as events_with_needles,
    sum(coalesce(maturity, 0)) as maturity_sum,
    count(maturity) as maturity_sessions
{%- endmacro %}


{#- The same sums, of rows that are such sums. -#}
{% macro sums_of_sums() -%}
    {%- for column in [
        "sessions", "events", "sessions_with_event", "needles", "events_with_needles", "maturity_sessions"
    ] -%}
        cast(sum({{ column }}) as bigint) as {{ column }},
    {% endfor -%}
    sum(maturity_sum) as maturity_sum
{%- endmacro %}


{#- The same counts, of rows that each stand for several clusters. -#}
{% macro weighted_sums(columns) -%}
    {%- for column in columns.split(", ") -%}
        sum(clusters * {{ column }}) as {{ column }}{{ ",\n" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
