-- Of each patient, goal and instrument the target that was set last, and the last score by which it is judged.
with plans as (
    select
        clinic_id,
        patient_id,
        valid_from,
        said_order,
        unnest(goal_targets) as target
    from {{ consenting("plan_versions", "benchmarking") }}
    where {{ is_closed("valid_from") }}
),

stated as (
    select
        *,
        json_extract_string(target, '$.goal') as stated_goal,
        json_extract_string(target, '$.instrument') as stated_instrument,
        try_cast(json_extract_string(target, '$.target_value') as double) as target_value,
        try_cast(json_extract_string(target, '$.by_month') as integer) as by_month
    from plans
),

goals as (
    select code from {{ ref("goals") }}
),

instruments as (
    select code, minimum, maximum, better from {{ ref("outcome_instruments") }}
),

scores as (
    select * from {{ ref("outcomes") }}
    where {{ is_closed("recorded_on") }}
),

targets as (
    select
        stated.clinic_id,
        stated.patient_id,
        stated.valid_from,
        stated.said_order,
        coalesce(goals.code, 'unlisted') as goal,
        coalesce(instruments.code, 'not_recorded') as instrument,
        instruments.better,
        instruments.minimum,
        instruments.maximum,
        stated.target_value,
        least(greatest(coalesce(stated.by_month, 120), 0), 120) as by_month
    from stated
    left join goals on stated.stated_goal = goals.code
    left join instruments on stated.stated_instrument = instruments.code
),

latest as (
    select * from targets
    qualify row_number() over (partition by clinic_id, patient_id, goal, instrument order by said_order desc) = 1
),

judged as (
    select
        latest.clinic_id,
        latest.patient_id,
        latest.goal,
        latest.instrument,
        latest.better,
        latest.target_value,
        coalesce(latest.target_value between latest.minimum and latest.maximum, false) as is_measurable,
        max_by(scores.value, scores.recorded_at) as score
    from latest
    left join scores
        on
            latest.clinic_id = scores.clinic_id
            and latest.patient_id = scores.patient_id
            and latest.instrument = scores.instrument
            and latest.valid_from < scores.recorded_on
            and latest.valid_from + to_months(latest.by_month) >= scores.recorded_on
    group by all
)

select
    clinic_id,
    patient_id,
    goal,
    instrument,
    is_measurable,
    score,
    if(better = 'low', score <= target_value, score >= target_value) as is_reached
from judged
