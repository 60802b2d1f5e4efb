{#- What an event is about, as far as that tells two events of one moment apart. -#}
{% macro subject_code() -%}
    case
        when event_type in ('adverse_event.reported', 'adverse_event.followed_up') then {{ landed_text("term") }}
        when event_type = 'outcome.recorded' then {{ landed_text("instrument") }}
        when event_type = 'goal_attainment.recorded' then {{ landed_text("goal") }}
        when event_type = 'measurement.recorded'
            then concat_ws('!', {{ landed_text("code") }}, {{ landed_text("side") }})
    end
{%- endmacro %}


{#- A text of a landed event's JSON; NULL where there is none, or no JSON. -#}
{% macro landed_text(name) -%}
    json_extract_string(try_cast(data as json), '$.{{ name }}')
{%- endmacro %}


{#- By what an event is known again when another source sends it under another id: beside clinic, type and patient, the
    moment at which it happened and what it is about. NULL for types of which two may truly stand side by side. -#}
{% macro business_key() -%}
    case
        when events.event_type in (
            'session.completed', 'assessment.completed', 'patient.enrolled', 'adverse_event.reported',
            'adverse_event.followed_up', 'outcome.recorded', 'measurement.recorded', 'goal_attainment.recorded',
            'treatment_plan.created', 'treatment_plan.revised', 'episode.closed'
        )
            then concat_ws('!', events.occurred_at, events.subject_code)
    end
{%- endmacro %}
