{#- The statements of a staging model that hold: neither corrected, retracted, sent again nor held back. `patient_id` is
    the patient's pseudonym after all mergers. In an incremental build those about touched patients, unless all are asked
    for. -#}
{% macro current_events(model, about="touched_patients") -%}
(
    select
        versions.patient_id,
        versions.occurred_at,
        versions.local_date,
        versions.month,
        versions.received_at,
        versions.said_at,
        versions.said_order,
        stated.* exclude (month)
    from {{ ref(model) }} as stated
    inner join {{ ref("current_versions") }} as versions using (clinic_id, event_id)
    {%- if is_increment() and about != "everybody" %}
    semi join core.touched_patients as touched
        on versions.clinic_id = touched.clinic_id and versions.patient_id = touched.patient_id
    {%- endif %}
)
{%- endmacro %}


{#- The same of credentials, which are about no patient, and are needed to know which patients are touched. -#}
{% macro current_credentials() -%}
(
    select
        versions.local_date,
        versions.received_at,
        versions.said_order,
        stated.* exclude (month)
    from {{ ref("stg_credentials") }} as stated
    inner join {{ ref("event_versions") }} as versions using (clinic_id, event_id)
    where versions.status = 'current'
)
{%- endmacro %}
