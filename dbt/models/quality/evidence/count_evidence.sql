with criteria as (
    select * from {{ ref("signal_criteria") }}
),

licences as (
    select
        'lapsed_licence' as signal,
        clinic_id,
        count(*) filter (where not is_licensed) as observed,
        count(is_licensed) as base
    from {{ ref("sessions") }}
    group by clinic_id
),

resent as (
    select
        'resent_history' as signal,
        clinic_id,
        count(*) filter (where disposition = 'duplicate') as observed,
        count(*) filter (where disposition = 'accepted') as base
    from {{ ref("stg_dispositions") }}
    where not is_test
    group by clinic_id
),

counted as (
    select *, cast(null as double) as ratio from licences
    union all
    select *, observed / nullif(base, 0) as ratio from resent
)

select
    signal,
    counted.clinic_id,
    cast(counted.observed as double) as observed,
    cast(0 as double) as expected,
    counted.ratio,
    cast(null as double) as ratio_low,
    cast(null as double) as ratio_high,
    counted.base > 0 as is_evaluated,
    counted.base > 0
    and counted.observed >= criteria.minimum_observed
    and (counted.ratio is null or counted.ratio >= criteria.threshold) as is_found,
    concat(
        counted.observed,
        if(signal = 'resent_history', ' repeats beside ', ' of '),
        counted.base,
        if(signal = 'resent_history', ' accepted events', ' sessions by practitioners with a recorded credential')
    ) as detail
from counted
inner join criteria using (signal)
