with scores as (
    select * from {{ ref("month_scores") }}
    union all
    select * from {{ ref("session_scores") }}
),

strata as (
    select * from {{ ref("outcome_strata") }}
),

baselines as (
    select clinic_id, patient_id, instrument, practitioner, patient from {{ ref("outcome_baselines") }}
)

select
    scores.*,
    baselines.practitioner,
    baselines.patient,
    strata.stratifier,
    strata.stratum,
    strata.design
from scores
inner join baselines using (clinic_id, patient_id, instrument)
inner join strata using (clinic_id, patient_id, instrument)
