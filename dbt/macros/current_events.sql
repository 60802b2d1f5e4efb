{#- The statements of a staging model that hold: neither corrected, retracted, sent again nor held back. `patient_id` is
    the patient's pseudonym after all mergers. -#}
{% macro current_events(model) -%}
(
    select
        versions.patient_id,
        versions.occurred_at,
        versions.local_date,
        versions.month,
        versions.received_at,
        versions.said_at,
        versions.said_order,
        stated.*
    from {{ ref(model) }} as stated
    inner join {{ ref("event_versions") }} as versions using (clinic_id, event_id)
    where versions.status = 'current'
)
{%- endmacro %}
