select
    clinic_id,
    event_id,
    patient_id,
    {{ json_text("case_id") }} as case_id,
    {{ json_text("session_id") }} as session_id,
    occurred_at
from {{ ref("stg_events") }}
where event_type = 'adverse_event.followed_up'
