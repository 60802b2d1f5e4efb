select
    clinic_id,
    event_id,
    patient_id,
    occurred_at,
    local_date,
    json_extract(data, '$.conditions[*]') as conditions,
    json_extract(facts, '$.conditions[*]') as condition_facts,
    arrival_order
from {{ ref("stg_events") }}
where event_type = 'assessment.completed'
