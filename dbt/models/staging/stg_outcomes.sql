{{ config(materialized="incremental", incremental_strategy="read_anew", unique_key=["clinic_id", "event_id"]) }}
select
    clinic_id,
    event_id,
    month,
    {{ json_text("instrument") }} as instrument,
    {{ json_number("value", -1e6, 1e6) }} as value,
    {{ json_integer("planned_month", 0, 1200) }} as planned_month,
    {{ json_text("episode_id") }} as episode_id,
    {{ without_habits(json_text("instrument_version")) }} as instrument_version
from {{ events_of(["outcome.recorded"]) }}
