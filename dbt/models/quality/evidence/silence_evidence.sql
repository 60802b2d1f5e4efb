with criteria as (
    select * from {{ ref("signal_criteria") }}
    where signal = 'silence'
),

suspended as (
    select clinic_id from {{ ref("stg_clinics") }}
    where is_suspended
),

counted as (
    select
        clinic_id,
        count(*) filter (where is_silent) as silent_days,
        sum(sessions) / nullif(count(*) filter (where not is_silent), 0) as sessions_per_day
    from {{ ref("working_days") }}
    anti join suspended using (clinic_id)
    group by clinic_id
),

missed as (
    select
        *,
        sessions_per_day * silent_days as expected,
        nullif(sessions_per_day * silent_days, 0) as compared_with
    from counted
)

select
    criteria.signal,
    missed.clinic_id,
    cast(0 as double) as observed,
    cast(missed.expected as double) as expected,
    0 / missed.compared_with as ratio,
    0 / missed.compared_with as ratio_low,
    poisson_ci_high(0, criteria.confidence) / missed.compared_with as ratio_high,
    missed.expected is not null as is_evaluated,
    coalesce(
        missed.silent_days >= criteria.minimum_days
        and poisson_ci_high(0, criteria.confidence) / missed.compared_with < criteria.threshold,
        false
    ) as is_found,
    concat(missed.silent_days, ' working days without a session') as detail
from missed
cross join criteria
