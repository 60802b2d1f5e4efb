{#- Pairs are told for the points that a stratum uses most: beyond them two points meet mostly by chance. -#}
{% macro paired_points_of_a_stratum() -%} 30 {%- endmacro %}


{#- Two places in that list as one number; more than the list is long. -#}
{% macro pair_base() -%} 100 {%- endmacro %}


{#- Each two of a sorted list of places, the first one and the second one as one number. -#}
{% macro pairs_of(places) -%}
    flatten(list_transform({{ places }}, lambda a: list_transform(
        list_filter({{ places }}, lambda b: b > a), lambda b: a * {{ pair_base() }} + b
    )))
{%- endmacro %}
