{#- The rows of these Parquet segments. Folder names such as `partition=0` are not columns; a column that a segment does
    not have yet is NULL. -#}
{% macro landed_parquet(paths) -%}
    read_parquet(
        [
            {%- for path in paths -%}
                '{{ path | replace("'", "''") }}'{{ "," if not loop.last }}
            {%- endfor -%}
        ],
        hive_partitioning = false,
        union_by_name = true
    )
{%- endmacro %}


{#- The segments that this build reads: all of them, or those that landed since the last one. -#}
{% macro event_segments() -%}
    {{ return(var("new_event_segments") if is_increment() else var("event_segments")) }}
{%- endmacro %}


{% macro registry_table(name) -%}
    read_parquet('{{ (var("registry_export") ~ "/" ~ name ~ ".parquet") | replace("'", "''") }}')
{%- endmacro %}
