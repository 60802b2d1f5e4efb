with summaries as (
    select * from {{ ref("score_summaries") }}
),

landmarks as (
    select landmark, month from {{ ref("outcome_landmarks") }}
    where month > 0
),

instruments as (
    select code as instrument, domain, better from {{ ref("outcome_instruments") }}
)

select
    summaries.instrument,
    summaries.stratifier,
    summaries.stratum,
    landmarks.month,
    instruments.domain,
    instruments.better,
    summaries.design,
    summaries.patients,
    summaries.patients_scored,
    summaries.completion_share,
    summaries.patients_too_early,
    summaries.baseline_mean_of_all,
    summaries.baseline_mean,
    summaries.mean,
    summaries.sd,
    summaries.mean_change,
    summaries.mean_change_low,
    summaries.mean_change_high,
    summaries.change_sd,
    summaries.practitioners,
    summaries.clinics,
    summaries.largest_clinic_share
from summaries
inner join landmarks using (landmark)
inner join instruments using (instrument)
