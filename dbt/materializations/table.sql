{# How dbt puts a table in the place of the last build's, without what a database that others read would need: a new
   table under another name, two renamings, and questions to DuckDB whose answer is known here. They would take longer
   than most tables of a small network do. A build that fails begins anew, and readers have a file of their own. #}
{% materialization table, adapter="duckdb", supported_languages=["sql", "python"] %}
  {% set language, target = model["language"], this.incorporate(type="table") %}
  {% if language == "python" %}
    {# Python has a connection of its own, which must see that it is gone. #}
    {% do run_query("drop table if exists " ~ target) %}
    {% do adapter.commit() %}
  {% endif %}
  {% call statement("main", language=language) %}
    {%- if language == "sql" %}drop table if exists {{ target }};{% endif %}
    {{- create_table_as(False, target, compiled_code, language) }}
  {% endcall %}
  {% do adapter.commit() %}
  {{ return({"relations": [target]}) }}
{% endmaterialization %}


{# No table has an index. #}
{% macro drop_indexes_on_relation(relation) %}
{% endmacro %}


{# What an increment goes on from was made by the very same models: it has their columns, and was held against their
   contracts then. #}
{% macro default__get_assert_columns_equivalent(sql) %}
  {% if not var("is_increment") %}
    {{ return(assert_columns_equivalent(sql)) }}
  {% endif %}
{% endmacro %}

{% macro process_schema_changes(on_schema_change, source_relation, target_relation) %}
  {{ return({}) }}
{% endmacro %}
