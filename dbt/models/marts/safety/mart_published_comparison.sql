{%- set measures = [
    ("events_per_session", "events", "sessions", "events_per_1000_sessions", 1000),
    ("share_of_sessions_with_event", "sessions_with_event", "sessions", "share_of_sessions_with_event", 1),
    ("share_of_patients_with_event", "patients_with_event", "patients", "share_of_patients_with_event", 1),
    ("events_per_needle", "events_with_needles", "needles", "events_per_10000_needles", 10000)
] -%}

with surveys as (
    select
        *,
        case
            when asking in ('checklist', 'open_question', 'spontaneous') then asking
            when asking = 'asked' then 'all'
        end as ae_screen_method
    from {{ ref("published_surveys") }}
),

network as (
    select * from {{ ref("mart_safety_by_stratum") }}
    -- Who lets patients bring it up does not ask.
    where stratifier = 'network' and (asking = 'asked' or ae_screen_method = 'spontaneous')
),

measured as (
    {%- for measure, events, trials, rate, per in measures %}
        {{ "union all" if not loop.first }}
        select
            ae_screen_method,
            '{{ measure }}' as measure,
            {{ events }} as our_events,
            {{ trials }} as our_trials,
            {{ rate }}_low / {{ per }} as ours_low,
            {{ rate }}_high / {{ per }} as ours_high,
            patients as our_patients,
            patients_with_event as our_patients_with_event,
            clinics,
            largest_clinic_share,
            1.0 * sessions / nullif(patients, 0) as our_sessions_per_patient
        from network
    {%- endfor %}
),

terms as (
    select * from {{ ref("terms_by_method") }}
),

beside as (
    select
        surveys.*,
        if(surveys.counted = 'one_term', coalesce(terms.events, 0), measured.our_events) as our_events,
        measured.our_trials,
        measured.our_patients,
        if(surveys.counted = 'one_term', coalesce(terms.patients_with_event, 0), measured.our_patients_with_event)
            as our_patients_with_event,
        measured.clinics,
        measured.largest_clinic_share,
        -- The intervals of the network are those of all terms together.
        if(surveys.counted = 'one_term', null, measured.ours_low) as ours_low,
        if(surveys.counted = 'one_term', null, measured.ours_high) as ours_high,
        list_filter([
            if(not surveys.is_read, 'the figure is recalled, not read in its source', null),
            if(surveys.ae_screen_method is null, 'how events were asked for is not known to be one of our ways', null),
            if(surveys.counted = 'serious_events', 'serious events stand in mart_serious_by_quarter', null),
            if(
                surveys.counted not in ('any_adverse_event', 'one_term', 'serious_events'),
                'it counts other events',
                null
            ),
            if(
                surveys.measure = 'share_of_patients_with_event'
                and not coalesce(
                    measured.our_sessions_per_patient / surveys.sessions_per_patient between 0.8 and 1.25, false
                ),
                'patients were not followed over as many sessions', null
            ),
            if(coalesce(measured.our_trials, 0) = 0, 'the network has nothing on this denominator', null)
        ], lambda reason: reason is not null) as reasons
    from surveys
    left join measured using (measure, ae_screen_method)
    left join terms using (measure, ae_screen_method, term)
),

compared as (
    select
        *,
        len(reasons) = 0 as comparable,
        if(len(reasons) = 0, null, 'not comparable: ' || array_to_string(reasons, '; ')) as why_not
    from beside
)

select
    survey,
    source,
    year,
    measure,
    coalesce(term, 'all') as term,
    asking,
    counted,
    trials,
    events,
    published,
    published_low,
    published_high,
    is_read,
    note,
    comparable,
    why_not,
    {%- for column in ["our_events", "our_trials", "our_patients", "our_patients_with_event", "clinics",
        "largest_clinic_share"] %}
        if(comparable, {{ column }}, null) as {{ column }},
    {%- endfor %}
    if(comparable, our_events / our_trials, null) as ours,
    {%- for end in ["low", "high"] %}
        case
            when not comparable then null
            when measure in ('events_per_session', 'events_per_needle')
                then poisson_ci_{{ end }}(cast(our_events as double), 0.95) / our_trials
            else {{ clopper_pearson("our_events", "our_trials", end) }}
        end as ours_counting_error_only_{{ end }},
    {%- endfor %}
    if(comparable, ours_low, null) as ours_low,
    if(comparable, ours_high, null) as ours_high
from compared
