select
    clinic_id,
    event_id,
    'licence_not_valid' as code,
    not is_licensed as is_broken
from {{ ref("sessions") }}
where is_licensed is not null
