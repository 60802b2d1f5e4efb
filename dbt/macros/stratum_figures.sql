{#- What is said of each stratum, way of asking and stratifier of a list: counts, three rates of three denominators with
    two intervals each, and what no rate counts. -#}
{% macro stratum_figures(stratifiers) -%}
{%- set stratum = "stratifier, stratum, asking, ae_screen_method" -%}
with by_clinic as (
    select * from {{ ref("stratum_sums") }}
    where stratifier in {{ stratifiers }}
),

intervals as (
    select * from {{ ref("stratum_intervals") }}
),

too_early as (
    select * from {{ ref("stratum_too_early") }}
    where stratifier in {{ stratifiers }}
),

unheard as (
    select * from {{ ref("unheard_reports") }}
),

stratifiers as (
    select stratifier, known_at from {{ ref("stratifiers") }}
),

counted as (
    select
        {{ stratum }},
        {%- for column in [
            "sessions", "events", "sessions_with_event", "needles", "events_with_needles", "patients",
            "patients_with_event", "patients_needled"
        ] %}
            cast(sum({{ column }}) as bigint) as {{ column }},
        {%- endfor %}
        count(*) as clinics,
        max(patients) / sum(patients) as largest_clinic_share,
        count(*) filter (where patients_with_event > 0) as clinics_with_event,
        max(patients_with_event) / nullif(sum(patients_with_event), 0) as largest_clinic_share_with_event,
        sum(maturity_sum) / nullif(sum(maturity_sessions), 0) as maturity
    from by_clinic
    group by {{ stratum }}
),

-- Where a report that no rate counts would belong is known of its clinic, its month and the network alone.
unheard_by_stratum as (
    {%- for stratifier, column in [
        ("clinic", "clinic_id"), ("month", "cast(month as varchar)"), ("network", "'network'")
    ] %}
        {{ "union all" if not loop.first }}
        select
            '{{ stratifier }}' as stratifier,
            {{ column }} as stratum,
            cast(sum(events_unlinked) as bigint) as events_unlinked,
            cast(sum(reports_quarantined) as bigint) as reports_quarantined
        from unheard
        group by {{ column }}
    {%- endfor %}
),

joined as (
    select * from counted
    left join intervals using ({{ stratum }})
    full outer join too_early using ({{ stratum }})
    left join unheard_by_stratum using (stratifier, stratum)
    left join stratifiers using (stratifier)
)

select
    stratifier,
    stratum,
    asking,
    ae_screen_method,
    known_at,
    coalesce(sessions, 0) as sessions,
    coalesce(patients, 0) as patients,
    coalesce(practitioners, 0) as practitioners,
    coalesce(clinics, 0) as clinics,
    largest_clinic_share,
    coalesce(events, 0) as events,
    coalesce(sessions_with_event, 0) as sessions_with_event,
    coalesce(patients_with_event, 0) as patients_with_event,
    coalesce(clinics_with_event, 0) as clinics_with_event,
    largest_clinic_share_with_event,
    {{ rate_columns("events_per_1000_sessions", "events", "sessions", "poisson", 1000.0,
        "events_per_session_low", "events_per_session_high") }},
    {{ rate_columns("share_of_sessions_with_event", "sessions_with_event", "sessions", "share", 1.0,
        "share_of_sessions_with_event_low", "share_of_sessions_with_event_high") }},
    {{ rate_columns("share_of_patients_with_event", "patients_with_event", "patients", "share", 1.0,
        "share_of_patients_with_event_low", "share_of_patients_with_event_high") }},
    coalesce(needles, 0) as needles,
    coalesce(patients_needled, 0) as patients_needled,
    coalesce(events_with_needles, 0) as events_with_needles,
    {{ rate_columns("events_per_10000_needles", "events_with_needles", "needles", "poisson", 10000.0,
        "events_per_needle_low", "events_per_needle_high") }},
    maturity,
    coalesce(sessions_too_early, 0) as sessions_too_early,
    coalesce(events_too_early, 0) as events_too_early,
    coalesce(patients_too_early, 0) as patients_too_early,
    coalesce(clinics_too_early, 0) as clinics_too_early,
    largest_clinic_share_too_early,
    {%- for column in ["events_unlinked", "reports_quarantined"] %}
        if(stratifier in ('clinic', 'month', 'network'), coalesce({{ column }}, 0), null) as {{ column }}{{ "," if not loop.last }}
    {%- endfor %}
from joined
{%- endmacro %}
