{{ config(materialized="incremental", incremental_strategy="read_anew", unique_key=["clinic_id", "event_id"]) }}
select
    clinic_id,
    event_id,
    month,
    {{ json_text("practitioner_id") }} as practitioner_id,
    {{ json_text("episode_id") }} as episode_id,
    {{ json_text("care_intent") }} as care_intent,
    json_extract(data, '$.conditions[*]') as conditions,
    json_extract(facts, '$.conditions[*]') as condition_facts,
    {{ json_texts("patterns[*]") }} as patterns,
    {{ json_texts("goals[*]") }} as goals,
    {{ json_texts("co_treatments[*].code") }} as co_treatments,
    {{ json_text("referred_by") }} as referred_by,
    {{ json_texts("referred_to[*]") }} as referred_to,
    {{ json_boolean("anticoagulants") }} as anticoagulants,
    {{ json_boolean("pregnant") }} as pregnant,
    {{ json_number("gestation_weeks", 0, 45) }} as gestation_weeks,
    {{ json_texts("risk_factors[*]") }} as risk_factors
from {{ events_of(["assessment.completed"]) }}
