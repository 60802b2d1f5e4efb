{#-
Exact limits of a share, between 0 and 1 (Clopper and Pearson), `end` low or high: the counting error only, for trials
that are strangers to each other. Name the column so. NULL without trials, or with more events than trials.
-#}
{% macro clopper_pearson(events, trials, end) -%}
    clopper_pearson_{{ end }}(cast({{ events }} as double), cast({{ trials }} as double), 0.95)
{%- endmacro %}


{#-
Limits that allow for practitioners whose sessions resemble each other, and for patients whose do. A mart needs two
CTEs and one expression:

    with by_pair as (                                        -- one row for each stratum, practitioner and patient
        select month, practitioner_key, patient_id, sum(events) as events, count(*) as sessions
        from sessions
        group by month, practitioner_key, patient_id
    ),

    clustered as (
        {{ clustered_squares("by_pair", ["month"], "events", "sessions") }}
    )

    select
        month, events, trials as sessions, practitioners, patients,
        events / trials as events_per_session,
        {{ clustered_limit("rate", "low") }} as ci_low,
        {{ clustered_limit("rate", "high") }} as ci_high
    from clustered

- The kinds: `rate` where a trial can have several events (events per session, per needle); `share` where it has one or
  none (sessions with an event, patients with an event, responders: sum of 0 and 1 over count); `mean` for scores (sum
  of changes over number of patients). Each measure of a mart is a call of its own, with a CTE of its own.
- Where the patient is the trial, `by_pair` has a row a patient. If patients are seen by several practitioners of a
  clinic, the cluster is the clinic, `practitioner="clinic_id"`; if each by one, that practitioner.
- A practitioner or patient that is NULL is one more cluster: those without a name are not taken for strangers.
- NULL with fewer than two practitioners or patients in the stratum: give the exact limits beside it, as counting error.
- `strata` may be empty: then there is one row, of the whole.
- Where clinics differ beyond their practitioners, the cluster is the clinic, too: docs/coverage.md shows how much too
  narrow an interval is that leaves a level out.

The method and its sources are in safety_statistics/cluster_robust.py.
-#}
{% macro clustered_squares(relation, strata, events, trials, practitioner="practitioner_key", patient="patient_id") -%}
    {%- set columns = strata | join(", ") ~ (", " if strata else "") -%}
    {%- set clusterings = {
        "practitioner": [practitioner], "patient": [patient], "pair": [practitioner, patient]
    } -%}
    with clusters as (
        {% for clustering, keys in clusterings.items() -%}
        select
            {{ columns }}'{{ clustering }}' as clustering,
            cast(sum({{ events }}) as double) as cluster_events,
            cast(sum({{ trials }}) as double) as cluster_trials
        from {{ relation }}
        group by {{ (strata + keys) | join(", ") }}
        {% if not loop.last %}union all{% endif %}
        {% endfor -%}
    ),

    totals as (
        select {{ columns }}cast(sum({{ events }}) as double) as events, cast(sum({{ trials }}) as double) as trials
        from {{ relation }}
        {% if strata %}group by {{ strata | join(", ") }}{% endif %}
    ),

    -- How far the ratio moves when one cluster is left out: the jackknife.
    squares as (
        select
            clusters.*,
            totals.events,
            totals.trials,
            power(
                (cluster_events - events * cluster_trials / nullif(trials, 0))
                / nullif(1 - cluster_trials / nullif(trials, 0), 0), 2
            ) as square
        from clusters
        inner join totals
            on true
            {% for column in strata -%}
            and clusters.{{ column }} is not distinct from totals.{{ column }}
            {% endfor %}
    )

    select
        {{ columns }}max(events) as events,
        max(trials) as trials,
        count(*) filter (where clustering = 'practitioner') as practitioners,
        count(*) filter (where clustering = 'patient') as patients,
        sum(square) filter (where clustering = 'practitioner')
        * (1 - 1.0 / nullif(count(*) filter (where clustering = 'practitioner'), 0)) as practitioner_squares,
        sum(square) filter (where clustering = 'patient')
        * (1 - 1.0 / nullif(count(*) filter (where clustering = 'patient'), 0)) as patient_squares,
        sum(square) filter (where clustering = 'pair')
        * (1 - 1.0 / nullif(count(*) filter (where clustering = 'pair'), 0)) as pair_squares,
        power(max(trials), 2) / nullif(greatest(
            sum(power(cluster_trials, 2)) filter (where clustering = 'practitioner'),
            sum(power(cluster_trials, 2)) filter (where clustering = 'patient')
        ), 0) as effective_clusters
    from squares
    {% if strata %}group by {{ strata | join(", ") }}{% endif %}
{%- endmacro %}


{#- One limit from the columns of `clustered_squares`: `kind` rate, share or mean; `end` low or high; per trial. -#}
{% macro clustered_limit(kind, end) -%}
    clustered_{{ kind }}_{{ end }}(
        events, trials, practitioner_squares, patient_squares, pair_squares, effective_clusters, 0.95
    )
{%- endmacro %}
