{{ config(materialized="incremental", incremental_strategy="read_anew", unique_key=["clinic_id", "event_id"]) }}
select
    clinic_id,
    event_id,
    month,
    event_type = 'needle_lot.recalled' as is_recall,
    {{ without_habits(json_text("lot")) }} as lot,
    coalesce({{ without_habits(json_text("manufacturer")) }}, 'unnamed') as manufacturer,
    {{ json_number("gauge_mm", 0.05, 1) }} as gauge_mm,
    {{ json_number("length_mm", 1, 300) }} as length_mm,
    {{ json_text("material") }} as material,
    {{ json_date("sterile_until") }} as sterile_until
from {{ events_of(["needle_lot.received", "needle_lot.recalled"]) }}
