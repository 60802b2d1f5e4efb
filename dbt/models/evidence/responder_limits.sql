{%- set cell = ["instrument", "stratifier", "stratum", "month"] -%}
-- The cluster-robust limits: of all with a baseline, and of those with a score.
with scores as (
    select *, cast(is_responder as integer) as responders, 1 as trials from {{ ref("responder_scores") }}
    where not is_at_floor
),

done as (
    select * from scores
    where is_scored
),

of_all as (
    {{ clustered_squares("scores", cell, "responders", "trials", "practitioner", "patient") | indent(4) }}  -- noqa: PRS
),

of_done as (
    {{ clustered_squares("done", cell, "responders", "trials", "practitioner", "patient") | indent(4) }}  -- noqa: PRS
)

select
    instrument,
    stratifier,
    stratum,
    month,
    'all' as denominator,
    practitioners,
    {{ clustered_limit("share", "low") }} as share_low,
    {{ clustered_limit("share", "high") }} as share_high
from of_all
union all
select
    instrument,
    stratifier,
    stratum,
    month,
    'scored' as denominator,
    practitioners,
    {{ clustered_limit("share", "low") }} as share_low,
    {{ clustered_limit("share", "high") }} as share_high
from of_done
