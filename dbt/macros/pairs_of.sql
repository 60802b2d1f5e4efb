{#- Each two of a sorted list of codes, the first one and the second one with a space between. -#}
{% macro pairs_of(codes) -%}
    flatten(list_transform({{ codes }}, lambda a: list_transform(
        list_filter({{ codes }}, lambda b: b > a), lambda b: concat(a, ' ', b)
    )))
{%- endmacro %}
