{#- Typed reading of one field of an event's JSON `data`. None of these can fail: what does not fit is NULL. -#}
{% macro json_text(path) -%}
    json_extract_string(data, '$.{{ path }}')
{%- endmacro %}


{#- The same of what is certain of an event by the vocabularies. -#}
{% macro fact_text(path) -%}
    json_extract_string(facts, '$.{{ path }}')
{%- endmacro %}


{#- Only a number within plausible bounds: one odd value (1e308) would swallow every mean that it enters. -#}
{% macro json_number(path, lowest, highest) -%}
    case
        when try_cast({{ json_text(path) }} as double) between {{ lowest }} and {{ highest }}
            then try_cast({{ json_text(path) }} as double)
    end
{%- endmacro %}


{% macro json_integer(path, lowest, highest) -%}
    case
        when try_cast({{ json_text(path) }} as integer) between {{ lowest }} and {{ highest }}
            then try_cast({{ json_text(path) }} as integer)
    end
{%- endmacro %}


{% macro json_boolean(path) -%}
    try_cast({{ json_text(path) }} as boolean)
{%- endmacro %}


{% macro json_date(path) -%}
    try_cast({{ json_text(path) }} as date)
{%- endmacro %}
