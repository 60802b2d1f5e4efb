select
    clinic_id,
    event_id,
    coalesce({{ json_text("session_id") }}, event_id) as session_id,
    patient_id,
    {{ json_text("practitioner_id") }} as practitioner_id,
    occurred_at,
    local_date,
    month,
    {{ json_text("ae_screen_method") }} as ae_screen_method,
    {{ json_integer("needles_inserted", 0, 1000) }} as needles_inserted,
    {{ json_integer("needles_removed", 0, 1000) }} as needles_removed,
    {{ json_number("retention_min", 0, 1440) }} as retention_min,
    json_extract(data, '$.needles[*]') as needles,
    json_extract(facts, '$.needles[*]') as needle_facts,
    arrival_order
from {{ ref("stg_events") }}
where event_type = 'session.completed'
