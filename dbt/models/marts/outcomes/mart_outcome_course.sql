with summaries as (
    select * from {{ ref("score_summaries") }}
),

landmarks as (
    select landmark, position from {{ ref("outcome_landmarks") }}
),

instruments as (
    select code as instrument, domain, better from {{ ref("outcome_instruments") }}
)

select
    summaries.instrument,
    summaries.stratifier,
    summaries.stratum,
    summaries.landmark,
    landmarks.position,
    instruments.domain,
    instruments.better,
    summaries.design,
    summaries.patients,
    summaries.patients_reached,
    summaries.patients_scored,
    summaries.completion_share,
    summaries.patients_too_early,
    summaries.mean,
    summaries.sd,
    summaries.quartiles[1] as lower_quartile,
    summaries.quartiles[2] as median,
    summaries.quartiles[3] as upper_quartile,
    summaries.baseline_mean,
    summaries.mean_change,
    summaries.mean_change_low,
    summaries.mean_change_high,
    summaries.clinics,
    summaries.largest_clinic_share
from summaries
inner join landmarks using (landmark)
inner join instruments using (instrument)
