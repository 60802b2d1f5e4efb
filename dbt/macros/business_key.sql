{#- By what an event is known again when another source sends it under another id: beside clinic, type and patient, the
    moment at which it happened and what it is about. NULL for types of which two may truly stand side by side. -#}
{% macro business_key() -%}
    case
        when events.event_type in ('session.completed', 'assessment.completed', 'patient.enrolled')
            then cast(events.occurred_at as varchar)
        when events.event_type in ('adverse_event.reported', 'adverse_event.followed_up')
            then concat_ws('!', events.occurred_at, {{ field_of("term") }})
        when events.event_type = 'outcome.recorded'
            then concat_ws('!', events.occurred_at, {{ field_of("instrument") }})
        when events.event_type = 'measurement.recorded'
            then concat_ws('!', events.occurred_at, {{ field_of("code") }}, {{ field_of("side") }})
        when events.event_type = 'goal_attainment.recorded'
            then concat_ws('!', events.occurred_at, {{ field_of("goal") }})
        when events.event_type in ('treatment_plan.created', 'treatment_plan.revised', 'episode.closed')
            then cast(events.occurred_at as varchar)
    end
{%- endmacro %}


{% macro field_of(name) -%}
    coalesce(json_extract_string(events.data, '$.{{ name }}'), '')
{%- endmacro %}
