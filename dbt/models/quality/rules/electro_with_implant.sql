with sessions as (
    select * from {{ ref("sessions") }}
),

implants as (
    select clinic_id, patient_id, min(known_since) as known_since
    from {{ ref("patient_risk_factors") }}
    where risk_factor in ('pacemaker', 'implanted_defibrillator')
    group by clinic_id, patient_id
)

select
    sessions.clinic_id,
    sessions.event_id,
    'electro_with_implant' as code,
    sessions.uses_current as is_broken
from sessions
inner join implants using (clinic_id, patient_id)
where sessions.local_date >= implants.known_since
