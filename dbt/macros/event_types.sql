{#- The types that the contracts know. Any other text in an event's place for its type is not repeated in a mart. -#}
{% macro event_types() -%}
    (
        'clinic.registered',
        'clinic.manifest_declared',
        'practitioner.credential_recorded',
        'patient.enrolled',
        'patient.merged',
        'consent.given',
        'consent.withdrawn',
        'assessment.completed',
        'treatment_plan.created',
        'treatment_plan.revised',
        'session.completed',
        'adverse_event.reported',
        'adverse_event.followed_up',
        'outcome.recorded',
        'goal_attainment.recorded',
        'measurement.recorded',
        'episode.closed',
        'needle_lot.received',
        'needle_lot.recalled',
        'event.retracted'
    )
{%- endmacro %}
