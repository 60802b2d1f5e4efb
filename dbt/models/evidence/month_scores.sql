-- Each baseline at each month landmark, with the month's score where there is one.
with baselines as (
    select * from {{ ref("outcome_baselines") }}
),

landmarks as (
    select * from {{ ref("outcome_landmarks") }}
    where month is not null
),

scores as (
    select * from {{ ref("outcomes") }}
    where {{ is_closed("recorded_on") }}
),

expected as (
    select
        baselines.clinic_id,
        baselines.patient_id,
        baselines.instrument,
        baselines.baseline,
        landmarks.landmark,
        landmarks.month,
        landmarks.month = 0
        or {{ is_past("baselines.baseline_on + to_months(landmarks.month) + to_days(" ~ days_after_month() ~ ")") }}
            as is_due
    from baselines
    cross join landmarks
)

select
    expected.clinic_id,
    expected.patient_id,
    expected.instrument,
    expected.landmark,
    expected.is_due,
    true as is_reached,
    expected.baseline,
    if(expected.is_due, scores.value, null) as value
from expected
left join scores using (clinic_id, patient_id, instrument, month)
