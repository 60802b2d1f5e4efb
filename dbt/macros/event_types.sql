{#- The types that the contracts know. Any other text in an event's place for its type is not repeated in a mart. -#}
{% macro event_types() -%}
    (
        'practitioner.credential_recorded',
        'patient.enrolled',
        'assessment.completed',
        'treatment_plan.created',
        'session.completed',
        'adverse_event.reported',
        'outcome.recorded'
    )
{%- endmacro %}
