{#- A score belongs to a session when it was recorded at most so many days before or after it. -#}
{% macro days_around_session() -%} 7 {%- endmacro %}


{#- A score of a month may still come for half a month. -#}
{% macro days_after_month() -%} 15 {%- endmacro %}


{#- Whether a day lies before all that the release can know. -#}
{% macro is_past(day) -%}
    {{ day }} < least(cast({{ as_of() }} as date), {{ closed_until() }})
{%- endmacro %}
