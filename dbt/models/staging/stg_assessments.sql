select
    clinic_id,
    event_id,
    patient_id,
    occurred_at,
    local_date,
    json_extract(data, '$.conditions[*]') as conditions,
    json_extract(facts, '$.conditions[*]') as condition_facts,
    {{ json_boolean("pregnant") }} as pregnant,
    {{ json_number("gestation_weeks", 0, 45) }} as gestation_weeks,
    {{ json_texts("risk_factors[*]") }} as risk_factors,
    arrival_order
from {{ ref("stg_events") }}
where event_type = 'assessment.completed'
