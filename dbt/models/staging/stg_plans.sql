{{ config(materialized="incremental", incremental_strategy="read_anew", unique_key=["clinic_id", "event_id"]) }}
select
    clinic_id,
    event_id,
    month,
    event_type = 'treatment_plan.revised' as is_revision,
    {{ json_text("plan_id") }} as plan_id,
    {{ json_text("episode_id") }} as episode_id,
    {{ json_text("practitioner_id") }} as practitioner_id,
    {{ json_text("style") }} as style,
    {{ json_integer("planned_sessions", 1, 1000) }} as planned_sessions,
    {{ json_number("sessions_per_week", 0, 21) }} as sessions_per_week,
    {{ json_texts("goals[*]") }} as goals,
    json_extract(data, '$.goal_targets[*]') as goal_targets,
    {{ json_text("rationale") }} as rationale,
    {{ json_text("individualisation") }} as individualisation,
    {{ json_text("care_intent") }} as care_intent,
    coalesce(json_extract_string(facts, '$.points[*].point_code'), []) as points,
    {{ json_texts("techniques[*]") }} as techniques,
    {{ json_number("retention_min", 0, 1440) }} as retention_min,
    {{ json_text("setting") }} as setting,
    {{ json_texts("information_given[*]") }} as information_given,
    {{ json_text("reason") }} as reason
from {{ events_of(["treatment_plan.created", "treatment_plan.revised"]) }}
