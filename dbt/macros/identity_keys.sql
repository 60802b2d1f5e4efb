{#- A patient and a session as one number each, for counting and joining tens of millions of them: among ten million the
    chance that any two share one is three in a million. They are the same in every build. -#}
{% macro patient_key(row) -%}
    md5_number_lower(concat_ws('!', {{ row }}.clinic_id, {{ row }}.patient_id))
{%- endmacro %}


{% macro session_key(row) -%}
    md5_number_lower(concat_ws('!', {{ row }}.clinic_id, {{ row }}.patient_id, {{ row }}.session_id))
{%- endmacro %}
