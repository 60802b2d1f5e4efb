{#- Of each group of conditions and each pattern so many pairs are told: beyond them they meet mostly by chance. -#}
{% macro pairs_of_a_stratum() -%} 100 {%- endmacro %}
