-- A baseline that leaves no room for the smallest change that matters to patients says nothing of responding.
with scores as (
    select * from {{ ref("landmark_scores") }}
    where is_due and landmark like 'month_%'
),

landmarks as (
    select landmark, month from {{ ref("outcome_landmarks") }}
),

instruments as (
    select * from {{ ref("outcome_instruments") }}
    where responder_rule in ('absolute', 'relative')
),

changes as (
    select clinic_id, patient_id, instrument, month, is_responder from {{ ref("outcome_changes") }}
)

select
    scores.instrument,
    scores.stratifier,
    scores.stratum,
    landmarks.month,
    scores.design,
    scores.clinic_id,
    scores.patient_id,
    scores.practitioner,
    scores.patient,
    coalesce(
        if(instruments.better = 'low', scores.baseline - instruments.minimum, instruments.maximum - scores.baseline)
        < instruments.smallest_important_change - 1e-9,
        false
    ) as is_at_floor,
    scores.value is not null as is_scored,
    coalesce(scores.value is not null and changes.is_responder, false) as is_responder
from scores
inner join landmarks using (landmark)
inner join instruments on scores.instrument = instruments.code
left join changes
    on
        scores.clinic_id = changes.clinic_id
        and scores.patient_id = changes.patient_id
        and scores.instrument = changes.instrument
        and landmarks.month = changes.month
