with linked as (
    select clinic_id, patient_id, session_id from {{ ref("adverse_events") }}
    where session_id is not null
    union
    select clinic_id, patient_id, session_id from {{ ref("needles") }}
)

select linked.*
from linked
anti join {{ ref("sessions") }} using (clinic_id, patient_id, session_id)
