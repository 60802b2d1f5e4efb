with scores as (
    from {{ ref("month_scores") }}
    union all by name
    from {{ ref("session_scores") }}
),

strata as (
    select patient_key, instrument, clinic_id, practitioner_key, profile from {{ ref("outcome_strata") }}
),

instruments as (
    select
        code as instrument,
        smallest_important_change - 1e-9 as important,
        if(better = 'low', minimum, maximum) as best
    from {{ ref("outcome_instruments") }}
)

select
    scores.patient_key,
    scores.instrument,
    scores.landmark,
    strata.clinic_id,
    strata.practitioner_key,
    strata.profile,
    scores.is_due,
    scores.is_reached,
    scores.baseline,
    scores.value,
    -- A baseline that leaves no room for the smallest change that matters to patients says nothing of responding.
    coalesce(abs(instruments.best - scores.baseline) < instruments.important, false) as is_at_floor,
    coalesce(scores.is_responder, false) as is_responder
from scores
inner join strata using (patient_key, instrument)
inner join instruments using (instrument)
