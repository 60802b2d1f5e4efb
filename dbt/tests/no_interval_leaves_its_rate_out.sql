with rates as (
    select rate_per_1000, ci_low, ci_high, sessions from {{ ref("mart_safety_by_clinic") }}
    union all
    select rate_per_1000, ci_low, ci_high, sessions from {{ ref("mart_side_effects") }}
)

select *
from rates
where
    rate_per_1000 < ci_low
    or rate_per_1000 > ci_high
    or (sessions = 0) <> (rate_per_1000 is null)
    or (sessions = 0) <> (ci_low is null)
