with sessions as (
    select * from {{ consenting("sessions", "quality_and_safety") }}
    where {{ is_closed("local_date") }}
),

events as (
    select
        session_key,
        count(*) as events,
        count(*) filter (where is_serious) as serious_events
    from {{ ref("counted_adverse_events") }}
    where session_key is not null
    group by session_key
),

needling as (
    select session_key, needles_listed, region_set, depth_set, gauge_set from {{ ref("session_needling") }}
),

training_sets as (
    select * from {{ ref("practitioner_training_sets") }}
),

-- How much of what will be reported of a session is known by now depends on its day and on how it asked.
days as (
    select distinct
        ae_screen_method,
        local_date,
        cast({{ as_of() }} as date) - local_date as age_days
    from sessions
),

delays as (
    select * from {{ ref("reporting_delays") }}
),

methods_with_delays as (
    select distinct ae_screen_method from delays
),

matured as (
    select
        days.ae_screen_method,
        days.local_date,
        if(methods_with_delays.ae_screen_method is null, null, coalesce(delays.known, 0)) as maturity
    from days
    asof left join delays
        on days.ae_screen_method = delays.ae_screen_method and days.age_days >= delays.delay_days
    left join methods_with_delays on days.ae_screen_method = methods_with_delays.ae_screen_method
)

select
    sessions.session_key,
    sessions.patient_key,
    -- Sessions that name nobody are one practitioner of their clinic, not strangers to each other.
    hash(coalesce(sessions.practitioner_key, 'unnamed at ' || sessions.clinic_id)) as practitioner_key,
    sessions.clinic_id,
    sessions.local_date,
    sessions.month,
    sessions.ae_screen_method,
    {{ asking("sessions.ae_asked") }} as asking,
    sessions.ascertained_at <= {{ as_of() }} as is_ascertained,
    matured.maturity,
    sessions.needles,
    coalesce(events.events, 0) as events,
    coalesce(events.serious_events, 0) as serious_events,
    sessions.credential,
    {{ experience_band("sessions.experience_years") }} as experience,
    sessions.condition_code as condition,
    sessions.condition_group,
    concat(sessions.sex, '_', {{ age_band("sessions.age_years") }}) as age_and_sex,
    case
        when sessions.is_first_visit then 'first'
        when not sessions.is_first_visit then 'later'
        else 'unknown'
    end as first_visit,
    sessions.technique_set,
    coalesce(training_sets.training_set, 0) as training_set,
    coalesce(needling.needles_listed, 0) as needles_listed,
    coalesce(needling.region_set, 0) as region_set,
    coalesce(needling.depth_set, 0) as depth_set,
    coalesce(needling.gauge_set, 0) as gauge_set
from sessions
left join events on sessions.session_key = events.session_key
left join needling on sessions.session_key = needling.session_key
left join training_sets
    on
        sessions.practitioner_key = training_sets.practitioner_key
        and sessions.local_date >= training_sets.known_since
        and (sessions.local_date < training_sets.known_until or training_sets.known_until is null)
left join matured on sessions.ae_screen_method = matured.ae_screen_method and sessions.local_date = matured.local_date
