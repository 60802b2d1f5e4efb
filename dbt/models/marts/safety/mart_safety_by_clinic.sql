{%- set cell = "clinic_id, month, ae_screen_method" -%}

with sessions as (
    select * from {{ ref("ascertained_sessions") }}
),

unlinked as (
    select * from {{ ref("counted_adverse_events") }}
    where session_key is null
),

unheard as (
    select * from {{ ref("unheard_reports") }}
),

-- By patient first: counting distinct patients at once would keep every one of them in mind for every cell.
patients as (
    select
        {{ cell }},
        patient_key,
        count(*) filter (where is_ascertained) as sessions,
        count(*) filter (where is_ascertained and events > 0) as sessions_with_event,
        coalesce(sum(events) filter (where is_ascertained), 0) as events,
        coalesce(sum(serious_events) filter (where is_ascertained), 0) as serious_events,
        count(*) filter (where not is_ascertained) as sessions_too_early,
        coalesce(sum(events) filter (where not is_ascertained), 0) as events_too_early,
        sum(maturity) filter (where is_ascertained) as maturity_sum,
        count(maturity) filter (where is_ascertained) as maturity_sessions
    from sessions
    group by {{ cell }}, patient_key
    union all
    select
        {{ cell }},
        patient_key,
        0 as sessions,
        0 as sessions_with_event,
        count(*) as events,
        count(*) filter (where is_serious) as serious_events,
        0 as sessions_too_early,
        0 as events_too_early,
        null as maturity_sum,
        0 as maturity_sessions
    from unlinked
    group by {{ cell }}, patient_key
    union all
    -- A month from which nothing but refused reports is known has a row too.
    select
        clinic_id,
        month,
        'unlinked' as ae_screen_method,
        null as patient_key,
        0 as sessions,
        0 as sessions_with_event,
        0 as events,
        0 as serious_events,
        0 as sessions_too_early,
        0 as events_too_early,
        null as maturity_sum,
        0 as maturity_sessions
    from unheard
    where reports_quarantined > 0
),

counted as (
    select
        {{ cell }},
        {%- for column in ["sessions", "sessions_with_event", "events", "serious_events", "sessions_too_early",
            "events_too_early"] %}
            cast(sum({{ column }}) as bigint) as {{ column }},
        {%- endfor %}
        count(*) filter (where sessions > 0) as patients,
        count(*) filter (where events > 0) as patients_with_event,
        count(*) filter (where sessions_too_early > 0) as patients_too_early,
        sum(maturity_sum) / nullif(sum(maturity_sessions), 0) as maturity
    from patients
    group by {{ cell }}
)

select
    counted.clinic_id,
    counted.month,
    counted.ae_screen_method,
    counted.sessions,
    counted.sessions_with_event,
    counted.events,
    counted.serious_events,
    {{ rate_per_1000("counted.events", "counted.sessions") }} as rate_per_1000,
    {{ rate_limit("counted.events", "counted.sessions", "low") }} as ci_low,
    {{ rate_limit("counted.events", "counted.sessions", "high") }} as ci_high,
    counted.patients,
    counted.patients_with_event,
    1.0 * counted.sessions_with_event / nullif(counted.sessions, 0) as share_of_sessions_with_event,
    {{ exact_columns("share_of_sessions_with_event", "counted.sessions_with_event", "counted.sessions", "share",
        1.0) }},
    1.0 * counted.patients_with_event / nullif(counted.patients, 0) as share_of_patients_with_event,
    {{ exact_columns("share_of_patients_with_event", "counted.patients_with_event", "counted.patients", "share",
        1.0) }},
    counted.sessions_too_early,
    counted.events_too_early,
    counted.patients_too_early,
    counted.maturity,
    coalesce(unheard.events_unlinked, 0) as events_unlinked,
    coalesce(unheard.patients_with_unlinked_event, 0) as patients_with_unlinked_event,
    coalesce(unheard.reports_quarantined, 0) as reports_quarantined
from counted
left join unheard using (clinic_id, month)
