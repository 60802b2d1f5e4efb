{#- The first day that is in no closed period. Without a data lock every day counts. -#}
{% macro closed_until() -%}
    date '{{ var("closed_until") or "infinity" }}'
{%- endmacro %}
