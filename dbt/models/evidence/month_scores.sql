-- Each baseline at each month landmark, with the month's score where there is one.
with baselines as (
    select * from {{ ref("outcome_baselines") }}
),

landmarks as (
    select * from {{ ref("outcome_landmarks") }}
    where month is not null
),

scores as (
    select * from {{ ref("outcome_changes") }}
    where {{ is_closed("recorded_on") }}
),

expected as (
    select
        baselines.patient_key,
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
    expected.patient_key,
    expected.instrument,
    expected.landmark,
    expected.is_due,
    true as is_reached,
    expected.baseline,
    if(expected.is_due, scores.value, null) as value,
    expected.is_due and coalesce(scores.is_responder, false) as is_responder
from expected
left join scores using (patient_key, instrument, month)
