{#- The rows of a core model without those of patients who do not agree to the purpose: every mart reads people through
    this. -#}
{% macro consenting(model, purpose) -%}
(
    select *
    from {{ ref(model) }}
    anti join (
        select clinic_id, patient_id from {{ ref("consent_withdrawals") }}
        where purpose = '{{ purpose }}'
    ) using (clinic_id, patient_id)
)
{%- endmacro %}
