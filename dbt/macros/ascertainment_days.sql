{#- For so many days after a session an adverse event is still taken for one of its own, and asked for. -#}
{% macro ascertainment_days() -%} 7 {%- endmacro %}
