{#- Whether care is over, as far as a release can know: closed, or nothing for as long as it takes to begin anew. -#}
{% macro has_ended(closed_on, last_session_on) -%}
    (
        coalesce({{ closed_on }} < {{ closed_until() }}, false)
        or {{ last_session_on }} + {{ episode_gap_days() }} < least(cast({{ as_of() }} as date), {{ closed_until() }})
    )
{%- endmacro %}


{#- Sessions a week from the first to the last; NULL when all are on one day. -#}
{% macro sessions_per_week(sessions, first_on, last_on) -%}
    7.0 * ({{ sessions }} - 1) / nullif({{ last_on }} - {{ first_on }}, 0)
{%- endmacro %}
