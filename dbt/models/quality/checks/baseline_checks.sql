with first_sessions as (
    select clinic_id, patient_id, min(local_date) as day, min(occurred_at) as began_at
    from {{ ref("sessions") }}
    group by clinic_id, patient_id
),

scores as (
    select * from {{ ref("outcomes") }}
),

patients as (
    select
        first_sessions.clinic_id,
        first_sessions.patient_id,
        first_sessions.day,
        -- By then the last day of the window is over on the clinic's clock.
        first_sessions.began_at + interval 8 day <= {{ as_of() }} as is_settled,
        count(*) filter (
            where {{ in_baseline_window("scores.recorded_on", "first_sessions.day") }}
        ) > 0 as has_baseline
    from first_sessions
    left join scores using (clinic_id, patient_id)
    group by first_sessions.clinic_id, first_sessions.patient_id, first_sessions.day, first_sessions.began_at
)

select
    clinic_id,
    day,
    'baseline_missing' as check_id,
    count(*) filter (where not has_baseline) as numerator,
    count(*) as denominator,
    bool_and(is_settled) as is_settled
from patients
group by clinic_id, day
