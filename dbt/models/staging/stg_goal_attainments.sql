{{ config(materialized="incremental", incremental_strategy="read_anew", unique_key=["clinic_id", "event_id"]) }}
select
    clinic_id,
    event_id,
    month,
    {{ json_text("goal") }} as goal,
    {{ json_integer("attainment", -2, 2) }} as attainment,
    {{ json_text("plan_id") }} as plan_id,
    {{ json_text("episode_id") }} as episode_id
from {{ events_of(["goal_attainment.recorded"]) }}
