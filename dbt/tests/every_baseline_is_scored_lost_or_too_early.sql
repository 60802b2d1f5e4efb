-- At every month each patient with a baseline is in the denominator or too early for it, and so in each stratifier.
with baselines as (
    select instrument, count(*) as patients
    from {{ ref("outcome_baselines") }}
    group by instrument
),

told as (
    select instrument, stratifier, landmark, sum(patients + patients_too_early) as patients
    from {{ ref("mart_outcome_course") }}
    where landmark like 'month_%' and stratifier <> 'arm'
    group by instrument, stratifier, landmark
)

select told.*
from told
inner join baselines using (instrument)
where told.patients > baselines.patients
