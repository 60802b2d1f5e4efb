with criteria as (
    select * from {{ ref("signal_criteria") }}
),

-- The other clinics when they ask the same way, the clinic itself left out: nobody sets their own standard.
against_others as (
    select
        *,
        sum(sessions) over alike - sessions as others_sessions,
        sum(sessions_with_event) over alike - sessions_with_event as others_with_event
    from {{ ref("asking_strata") }}
    window alike as (partition by signal, ae_screen_method)
),

-- An event without a session has no way of asking; whoever reported it has still not concealed it.
unlinked as (
    select 'under_reporting' as signal, clinic_id, count(*) as events
    from {{ ref("adverse_events") }}
    where session_id is null
    group by clinic_id
),

-- What too few others do is no standard, and is left out on both sides.
compared as (
    select
        signal,
        clinic_id,
        sum(sessions) as sessions,
        sum(sessions_with_event) as observed,
        sum(sessions * others_with_event / others_sessions) as expected
    from against_others
    inner join criteria using (signal)
    where others_sessions >= minimum_reference
    group by signal, clinic_id
),

limited as (
    select
        compared.*,
        coalesce(compared.expected >= criteria.minimum_expected, false) as is_evaluated,
        poisson_ci_low(compared.observed, criteria.confidence) / nullif(compared.expected, 0) as ratio_low,
        poisson_ci_high(compared.observed, criteria.confidence) / nullif(compared.expected, 0) as ratio_high,
        poisson_ci_high(compared.observed + coalesce(unlinked.events, 0), criteria.confidence)
        / nullif(compared.expected, 0) as ratio_high_with_unlinked,
        criteria.threshold
    from compared
    inner join criteria using (signal)
    left join unlinked using (signal, clinic_id)
)

select
    signal,
    clinic_id,
    cast(observed as double) as observed,
    expected,
    observed / nullif(expected, 0) as ratio,
    ratio_low,
    ratio_high,
    is_evaluated,
    coalesce(
        is_evaluated
        and if(signal = 'elevated_risk', ratio_low > threshold, ratio_high_with_unlinked < threshold),
        false
    ) as is_found,
    concat(observed, ' of ', sessions, ' sessions with an event') as detail
from limited
