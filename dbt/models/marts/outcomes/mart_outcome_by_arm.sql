with changes as (
    select * from {{ ref("outcome_changes") }}
)

select
    study,
    arm,
    instrument,
    month,
    count(*) as n,
    avg(value) as mean,
    stddev_samp(value) as sd,
    avg(baseline) as baseline_mean,
    stddev_samp(baseline) as baseline_sd,
    cast(sum(cast(is_responder as integer)) as bigint) as responders,
    avg(cast(is_responder as integer)) as responder_share
from changes
group by study, arm, instrument, month
