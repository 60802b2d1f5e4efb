select
    clinic_id,
    event_id,
    patient_id,
    occurred_at,
    local_date,
    json_extract(data, '$.conditions[*]') as conditions,
    arrival_order
from {{ ref("stg_events") }}
where event_type = 'assessment.completed'
