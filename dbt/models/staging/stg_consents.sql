select
    clinic_id,
    event_id,
    event_type = 'consent.withdrawn' as is_withdrawal,
    {{ json_texts("purposes[*]") }} as purposes,
    {{ json_date("valid_until") }} as valid_until
from {{ ref("stg_events") }}
where event_type in ('consent.given', 'consent.withdrawn')
