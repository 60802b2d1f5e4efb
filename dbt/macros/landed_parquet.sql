{#- The rows of the Parquet segments that a list variable names. Folder names such as `partition=0` are not columns; a
    column that a segment does not have yet is NULL. -#}
{% macro landed_parquet(list_variable) -%}
    read_parquet(
        [
            {%- for path in var(list_variable) -%}
                '{{ path | replace("'", "''") }}'{{ "," if not loop.last }}
            {%- endfor -%}
        ],
        hive_partitioning = false,
        union_by_name = true
    )
{%- endmacro %}


{% macro registry_table(name) -%}
    read_parquet('{{ (var("registry_export") ~ "/" ~ name ~ ".parquet") | replace("'", "''") }}')
{%- endmacro %}
