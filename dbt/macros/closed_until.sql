{#- The first day that is not closed yet: marts of the analyst tier speak of the days before it. Without a lock every day
    is taken. -#}
{% macro closed_until() -%}
    coalesce(try_cast(nullif('{{ var("closed_until", "") }}', '') as date), date '9999-12-31')
{%- endmacro %}
