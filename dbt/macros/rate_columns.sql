{#- A rate, or a share with `per=1`, and its two intervals: the exact one, which knows the counting error only, and the
    cluster-robust one, whose limits per trial stand in `low` and `high`. `kind` is `poisson` where a trial can have
    several events, `share` where it has one or none. -#}
{% macro rate_columns(name, events, trials, kind, per, low, high) -%}
    {{ per }} * {{ events }} / nullif({{ trials }}, 0) as {{ name }},
    {{ exact_columns(name, events, trials, kind, per) }},
    {{ per }} * {{ low }} as {{ name }}_low,
    {{ per }} * {{ high }} as {{ name }}_high
{%- endmacro %}


{#- The exact interval alone. -#}
{% macro exact_columns(name, events, trials, kind, per) -%}
    {%- for end in ["low", "high"] -%}
        {%- if kind == "poisson" -%}
            {{ per }} * poisson_ci_{{ end }}(cast({{ events }} as double), 0.95) / nullif({{ trials }}, 0)
        {%- else -%}
            {{ per }} * {{ clopper_pearson(events, trials, end) }}
        {%- endif %} as {{ name }}_counting_error_only_{{ end }}{{ ",\n    " if end == "low" }}
    {%- endfor %}
{%- endmacro %}
