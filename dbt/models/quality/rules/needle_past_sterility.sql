select
    clinic_id,
    event_id,
    'needle_past_sterility' as code,
    bool_or(local_date > sterile_until) as is_broken
from {{ ref("session_lots") }}
where sterile_until is not null
group by clinic_id, event_id
