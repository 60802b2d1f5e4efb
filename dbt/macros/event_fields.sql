{#- Typed reading of one field of an event's JSON `data`. None of these can fail: what does not fit is NULL. -#}
{% macro json_text(path) -%}
    json_extract_string(data, '$.{{ path }}')
{%- endmacro %}


{#- The same of what is certain of an event by the vocabularies. -#}
{% macro fact_text(path) -%}
    json_extract_string(facts, '$.{{ path }}')
{%- endmacro %}


{#- Only a number within plausible bounds: one odd value (1e308) would swallow every mean that it enters. -#}
{% macro number_of(text, lowest, highest, type="double") -%}
    case
        when try_cast({{ text }} as {{ type }}) between {{ lowest }} and {{ highest }}
            then try_cast({{ text }} as {{ type }})
    end
{%- endmacro %}


{% macro json_number(path, lowest, highest) -%}
    {{ number_of(json_text(path), lowest, highest) }}
{%- endmacro %}


{% macro json_integer(path, lowest, highest) -%}
    {{ number_of(json_text(path), lowest, highest, "integer") }}
{%- endmacro %}


{% macro json_boolean(path) -%}
    try_cast({{ json_text(path) }} as boolean)
{%- endmacro %}


{% macro json_date(path) -%}
    try_cast({{ json_text(path) }} as date)
{%- endmacro %}


{#- A moment that says its offset, in UTC. -#}
{% macro json_moment(path) -%}
    try_cast({{ json_text(path) }} as timestamptz) at time zone 'UTC'
{%- endmacro %}


{#- The texts that a path with a `[*]` leads to; none where there is no list. -#}
{% macro json_texts(path) -%}
    coalesce(json_extract_string(data, '$.{{ path }}'), [])
{%- endmacro %}


{#- What is meant to tell two names apart, and no habit of writing. -#}
{% macro without_habits(text) -%}
    nullif(lower(trim({{ text }})), '')
{%- endmacro %}
