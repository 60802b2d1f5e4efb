{#- A schema is called what the project calls it, in every release: no prefix of a developer's own. At a data lock the
    marts, and what is between core and them (`at_lock` in its meta), lie in a schema of their own. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if node.config.get("meta", {}).get("at_lock") and var("marts_schema") != target.schema -%}
        {{ var("marts_schema") }}
    {%- else -%}
        {{ (custom_schema_name or var("marts_schema")) | trim }}
    {%- endif -%}
{%- endmacro %}
