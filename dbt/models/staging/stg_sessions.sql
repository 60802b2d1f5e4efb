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
    {{ json_integer("needles_left_in", 0, 1000) }} as needles_left_in,
    {{ json_number("retention_min", 0, 1440) }} as retention_min,
    {{ json_number("duration_min", 0, 1440) }} as duration_min,
    {{ json_moment("started_at") }} as started_at,
    json_extract(data, '$.needles[*]') as needles,
    json_extract(facts, '$.needles[*]') as needle_facts,
    coalesce(len(json_extract(data, '$.electrostimulation[*]')), 0) > 0
    or list_has_any({{ json_texts("techniques[*]") }}, ['electroacupuncture', 'tens'])
    or list_contains({{ json_texts("needles[*].stimulation") }}, 'electrical') as uses_current,
    {{ json_texts("moxibustion[*].intent") }} as moxibustion_intents,
    arrival_order
from {{ ref("stg_events") }}
where event_type = 'session.completed'
