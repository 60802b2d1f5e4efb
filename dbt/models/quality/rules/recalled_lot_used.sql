select
    clinic_id,
    event_id,
    'recalled_lot_used' as code,
    bool_or(coalesce(recall_known_at < began_at, false)) as is_broken
from {{ ref("session_lots") }}
group by clinic_id, event_id
