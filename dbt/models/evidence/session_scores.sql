-- Each baseline at each session landmark of its episode, with the score nearest to that session where there is one.
with baselines as (
    select * from {{ ref("outcome_baselines") }}
    where episode_id is not null
),

landmarks as (
    select * from {{ ref("outcome_landmarks") }}
    where session_number is not null
),

sessions as (
    select patient_key, episode_id, session_number, local_date as session_on from {{ ref("sessions") }}
    where session_number in (select session_number from landmarks) and {{ is_closed("local_date") }}
),

scores as (
    select * from {{ ref("recorded_scores") }}
    where {{ is_closed("recorded_on") }}
),

expected as (
    select
        baselines.patient_key,
        baselines.instrument,
        baselines.baseline,
        baselines.baseline_on,
        landmarks.landmark,
        sessions.session_on,
        if(
            sessions.session_on is null,
            baselines.has_ended,
            {{ is_past("sessions.session_on + " ~ days_around_session()) }}
        ) as is_due
    from baselines
    cross join landmarks
    left join sessions using (patient_key, episode_id, session_number)
),

nearest as (
    select expected.patient_key, expected.instrument, expected.landmark, scores.value
    from expected
    inner join scores using (patient_key, instrument)
    where
        expected.baseline_on < scores.recorded_on
        and abs(scores.recorded_on - expected.session_on) <= {{ days_around_session() }}
    qualify
        row_number() over (
            partition by expected.patient_key, expected.instrument, expected.landmark
            order by abs(scores.recorded_on - expected.session_on), scores.recorded_at desc, scores.said_order desc
        ) = 1
)

select
    expected.patient_key,
    expected.instrument,
    expected.landmark,
    expected.is_due,
    expected.session_on is not null as is_reached,
    expected.baseline,
    if(expected.is_due, nearest.value, null) as value
from expected
left join nearest using (patient_key, instrument, landmark)
