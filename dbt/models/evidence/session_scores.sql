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
    select clinic_id, patient_id, episode_id, session_number, local_date as session_on from {{ ref("sessions") }}
    where session_number in (select session_number from landmarks) and {{ is_closed("local_date") }}
),

scores as (
    select * from {{ ref("recorded_scores") }}
    where {{ is_closed("recorded_on") }}
),

expected as (
    select
        baselines.*,
        landmarks.landmark,
        sessions.session_on,
        if(
            sessions.session_on is null,
            baselines.has_ended,
            {{ is_past("sessions.session_on + " ~ days_around_session()) }}
        ) as is_due
    from baselines
    cross join landmarks
    left join sessions using (clinic_id, patient_id, episode_id, session_number)
)

select
    expected.clinic_id,
    expected.patient_id,
    expected.instrument,
    expected.landmark,
    expected.is_due,
    expected.session_on is not null as is_reached,
    expected.baseline,
    if(expected.is_due, scores.value, null) as value
from expected
left join scores
    on
        expected.clinic_id = scores.clinic_id
        and expected.patient_id = scores.patient_id
        and expected.instrument = scores.instrument
        and expected.baseline_on < scores.recorded_on
        and expected.session_on - {{ days_around_session() }} <= scores.recorded_on
        and expected.session_on + {{ days_around_session() }} >= scores.recorded_on
qualify
    row_number() over (
        partition by expected.clinic_id, expected.patient_id, expected.instrument, expected.landmark
        order by abs(scores.recorded_on - expected.session_on), scores.recorded_at desc, scores.said_order desc
    ) = 1
