select
    clinic_id,
    event_id,
    {{ without_habits(json_text("lot")) }} as lot,
    coalesce({{ without_habits(json_text("manufacturer")) }}, 'unnamed') as manufacturer,
    {{ json_date("sterile_until") }} as sterile_until,
    case when event_type = 'needle_lot.recalled' then occurred_at end as recall_known_at,
    arrival_order
from {{ ref("stg_events") }}
where event_type in ('needle_lot.received', 'needle_lot.recalled')
