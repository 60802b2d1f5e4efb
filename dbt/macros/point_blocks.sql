{#- Pairs are told for the points that a stratum uses most: beyond them two points meet mostly by chance. -#}
{% macro paired_points_of_a_stratum() -%} 30 {%- endmacro %}


{#- These points are the bits of a number, a point's place in the list its power of two. They lie in five blocks of six:
    what tens of millions of sessions have of two blocks is counted first, for it has few combinations, and taken apart
    into pairs afterwards. -#}
{% macro blocks_of_points() -%}
    {{ return(range(5) | list) }}
{%- endmacro %}


{#- The bits of two blocks, or of one block with itself. -#}
{% macro bits_of_blocks(first, second) -%}
    {{ 63 * 2 ** (6 * first) + (63 * 2 ** (6 * second) if second != first else 0) }}
{%- endmacro %}


{#- Two blocks, the first one not after the second one, as one number from 1. -#}
{% macro block_pair(first, second) -%}
    {{ first }} * 5 + {{ second }} + 1
{%- endmacro %}


{#- Every pair of a point of one block and a point of another as a bit of one number, at eight times the first one's place
    in its block and the second one's. A multiplication repeats the first six bits, of which a mask leaves one every
    eight; another one repeats the second six bits at each that is set. -#}
{% macro pairs_of_blocks(marks, first, second) -%}
    ((cast({{ marks }} >> {{ 6 * first }} & 63 as bigint) * 34630287489) & 1103823438081)
    * cast({{ marks }} >> {{ 6 * second }} & 63 as bigint)
{%- endmacro %}
