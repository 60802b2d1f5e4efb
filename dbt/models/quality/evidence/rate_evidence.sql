with criteria as (
    select * from {{ ref("signal_criteria") }}
),

-- The other clinics, the clinic itself left out: nobody sets their own standard. No strata by way of asking: these
-- terms do not depend on it, and in a stratum of two clinics one that conceals would halve the other's standard.
against_others as (
    select
        *,
        sum(sessions) over () - sessions as others_sessions,
        sum(sessions_with_event) over () - sessions_with_event as others_with_event
    from {{ ref("unprompted_events") }}
),

-- An event without a session is followed up nowhere; whoever reported it has still not concealed it.
unlinked as (
    select 'under_reporting' as signal, clinic_id, count(*) as events
    from {{ ref("adverse_events") }}
    where session_id is null
    group by clinic_id
),

-- What too few others do is no standard.
compared as (
    select
        criteria.signal,
        against_others.clinic_id,
        against_others.sessions,
        against_others.sessions_with_event as observed,
        against_others.sessions * against_others.others_with_event / against_others.others_sessions as expected
    from against_others
    inner join criteria on against_others.others_sessions >= criteria.minimum_reference
    where criteria.signal in ('elevated_risk', 'under_reporting')
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
