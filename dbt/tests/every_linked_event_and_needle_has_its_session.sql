with linked as (
    select session_key from {{ ref("adverse_events") }}
    where session_id is not null
    union
    select session_key from {{ ref("needles") }}
)

select linked.*
from linked
anti join {{ ref("sessions") }} using (session_key)
