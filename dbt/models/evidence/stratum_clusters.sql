{#- Of each measure its events and its trials, and what of the tallies they are. -#}
{%- set measures = [
    ("events_per_session", "events", "sessions"), ("share_of_sessions_with_event", "sessions_with_event", "sessions"),
    ("events_per_needle", "events_with_needles", "needles")
] -%}

with tallies as (
    select * from {{ ref("stratum_tallies") }}
),

practitioners as (
    select
        stratum_key,
        practitioner_key,
        {%- for column in ["sessions", "events", "sessions_with_event", "needles", "events_with_needles"] %}
            sum({{ column }}) filter (where clustering = 'pair') as {{ column }},
        {%- endfor %}
        sum(cells) filter (where clustering = 'patient') as patients,
        sum(cells_with_event) filter (where clustering = 'patient') as patients_with_event
    from tallies
    where practitioner_key is not null
    group by stratum_key, practitioner_key
),

clinics as (
    select stratum_key, sum(cells) as patients, sum(cells_with_event) as patients_with_event
    from tallies
    where clustering = 'patient' and clinic_key is not null
    group by stratum_key
),

clusters as (
    {%- for measure, events, trials in measures %}
        select
            stratum_key,
            '{{ measure }}' as measure,
            'practitioner' as clustering,
            {{ events }} as events,
            {{ trials }} as trials,
            1 as clusters
        from practitioners
        union all
        select
            stratum_key,
            '{{ measure }}' as measure,
            clustering,
            cell_{{ events }} as events,
            cell_{{ trials }} as trials,
            cells as clusters
        from tallies
        where cell_{{ trials }} is not null
        union all
    {%- endfor %}
    select
        stratum_key,
        'share_of_patients_with_event' as measure,
        'practitioner' as clustering,
        patients_with_event as events,
        patients as trials,
        1 as clusters
    from practitioners
    {%- for clustering in ["patient", "pair"] %}
        {%- for events, clusters in [(1, "patients_with_event"), (0, "patients - patients_with_event")] %}
            union all
            -- Each patient is a trial.
            select
                stratum_key,
                'share_of_patients_with_event' as measure,
                '{{ clustering }}' as clustering,
                {{ events }} as events,
                1 as trials,
                {{ clusters }} as clusters
            from clinics
        {%- endfor %}
    {%- endfor %}
)

select
    stratum_key,
    measure,
    clustering,
    cast(events as bigint) as events,
    cast(trials as bigint) as trials,
    cast(sum(clusters) as bigint) as clusters
from clusters
where trials > 0 and clusters > 0
group by stratum_key, measure, clustering, events, trials
