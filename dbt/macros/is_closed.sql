{#- Whether a day lies in a period that was closed: at a data lock the analysts' marts are made of these alone. Each mart
    of the analyst tier asks it of every session, event and score that it reads. -#}
{% macro is_closed(local_date) -%}
    {{ local_date }} < {{ closed_until() }}
{%- endmacro %}
