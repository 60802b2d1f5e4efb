{#- Events per thousand sessions, NULL without a session. -#}
{% macro rate_per_1000(events, sessions) -%}
    1000.0 * {{ events }} / nullif({{ sessions }}, 0)
{%- endmacro %}


{#- Exact Poisson limits of that rate (Garwood), `end` low or high; the functions are safety_statistics'. -#}
{% macro rate_limit(events, sessions, end) -%}
    1000.0 * poisson_ci_{{ end }}(cast({{ events }} as double), 0.95) / nullif({{ sessions }}, 0)
{%- endmacro %}
