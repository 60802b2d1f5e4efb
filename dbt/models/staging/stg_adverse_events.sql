select
    clinic_id,
    event_id,
    patient_id,
    coalesce({{ json_text("case_id") }}, event_id) as case_id,
    {{ json_text("session_id") }} as session_id,
    {{ json_text("term") }} as term,
    {{ json_text("severity") }} as severity,
    {{ json_boolean("serious") }} as says_serious,
    len(json_extract(data, '$.seriousness_criteria[*]')) > 0 as meets_criterion,
    {{ json_moment("onset_at") }} as onset_at,
    occurred_at,
    local_date,
    month,
    arrival_order
from {{ ref("stg_events") }}
where event_type = 'adverse_event.reported'
