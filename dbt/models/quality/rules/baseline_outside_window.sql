with baselines as (
    select * from {{ ref("outcomes") }}
    where month = 0
),

first_sessions as (
    select clinic_id, patient_id, min(local_date) as day
    from {{ ref("sessions") }}
    group by clinic_id, patient_id
),

-- Of those who were in care before, nobody here knows the first session.
new_patients as (
    select * from {{ ref("patients") }}
    where already_in_care is distinct from true
)

select
    baselines.clinic_id,
    baselines.event_id,
    'baseline_outside_window' as code,
    not {{ in_baseline_window("baselines.recorded_on", "first_sessions.day") }} as is_broken
from baselines
inner join first_sessions using (clinic_id, patient_id)
inner join new_patients using (clinic_id, patient_id)
