select
    clinic_id,
    event_id,
    {{ json_text("practitioner_id") }} as practitioner_id,
    {{ json_text("credential") }} as credential,
    {{ json_text("issuer") }} as issuer,
    {{ fact_text("credential_key") }} as credential_key,
    {{ json_date("valid_from") }} as valid_from,
    {{ json_date("valid_until") }} as valid_until,
    coalesce({{ json_text("status") }}, 'active') as status,
    local_date as recorded_on,
    arrival_order
from {{ ref("stg_events") }}
where event_type = 'practitioner.credential_recorded'
