{{ config(materialized="incremental", incremental_strategy="read_anew", unique_key=["clinic_id", "event_id"]) }}
select
    clinic_id,
    event_id,
    month,
    {{ json_text("case_id") }} as case_id,
    {{ json_text("term") }} as term,
    {{ json_text("session_id") }} as session_id,
    {{ json_text("severity") }} as severity,
    {{ json_boolean("serious") }} as says_serious,
    {{ json_texts("seriousness_criteria[*]") }} as seriousness_criteria,
    {{ json_text("causality") }} as causality,
    {{ json_text("outcome") }} as outcome,
    {{ json_moment("resolved_at") }} as resolved_at,
    {{ json_texts("actions[*]") }} as actions
from {{ events_of(["adverse_event.followed_up"]) }}
