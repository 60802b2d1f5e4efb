with forgotten as (
    select * from {{ ref("adverse_events") }}
    where term = 'forgotten_needle'
),

sessions as (
    select * from {{ ref("sessions") }}
    where needles_inserted is not null and needles_removed is not null
)

-- A needle that was left in on purpose was not taken out: it may be the one that was forgotten.
select
    forgotten.clinic_id,
    forgotten.event_id,
    'forgotten_needle_counts_agree' as code,
    sessions.needles_removed >= sessions.needles_inserted as is_broken
from forgotten
inner join sessions using (clinic_id, patient_id, session_id)
