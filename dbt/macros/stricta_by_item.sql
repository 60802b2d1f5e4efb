{#- A row for each clinic and item of STRICTA 2010 that means something in routine care, from a relation with a column
    `item_<item>` for each. The items of needling are asked of sessions with needles. -#}
{% macro stricta_by_item(relation) -%}
    {%- set items = ["1a", "1b", "1c", "2a", "2b", "2c", "2d", "2e", "2f", "2g", "3a", "3b", "4a", "4b", "5"] -%}
    with by_patient as (
        select
            clinic_id,
            patient_key,
            count(*) as sessions,
            count(*) filter (where is_needling) as needling_sessions
            {%- for item in items %},
            count(*) filter (where item_{{ item }}{{ " and is_needling" if item[0] == "2" }}) as said_{{ item }}
            {%- endfor %}
        from {{ relation }}
        group by clinic_id, patient_key
    )

    {% for item in items -%}
    {%- set sessions = "needling_sessions" if item[0] == "2" else "sessions" -%}
    select
        clinic_id,
        '{{ item }}' as item,
        cast(sum({{ sessions }}) as bigint) as sessions,
        cast(sum(said_{{ item }}) as bigint) as sessions_that_say_it,
        count(*) filter (where {{ sessions }} > 0) as patients,
        count(*) filter (where said_{{ item }} > 0) as patients_of_sessions_that_say_it
    from by_patient
    group by clinic_id
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{%- endmacro %}
