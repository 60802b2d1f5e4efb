{{ config(materialized="incremental", incremental_strategy="read_anew", unique_key=["clinic_id", "event_id"]) }}
select
    clinic_id,
    event_id,
    month,
    {{ json_text("episode_id") }} as episode_id,
    {{ json_text("reason") }} as reason,
    {{ json_text("care_intent") }} as care_intent,
    {{ json_integer("sessions_held", 0, 1000) }} as sessions_held
from {{ events_of(["episode.closed"]) }}
