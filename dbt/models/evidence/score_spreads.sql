with scores as (
    select instrument, landmark, profile, baseline, value from {{ ref("landmark_scores") }}
    where is_due and value is not null
),

profiles as (
    select * from {{ ref("outcome_profiles") }}
)

select
    scores.instrument,
    profiles.stratifier,
    profiles.stratum,
    scores.landmark,
    avg(scores.baseline) as baseline_mean,
    avg(scores.value) as mean,
    stddev_samp(scores.value) as sd,
    quantile_cont(scores.value, [0.25, 0.5, 0.75]) as quartiles,
    avg(scores.value - scores.baseline) as mean_change,
    stddev_samp(scores.value - scores.baseline) as change_sd
from scores
inner join profiles using (profile)
group by scores.instrument, profiles.stratifier, profiles.stratum, scores.landmark
