{#- What `clustered_squares` computes from one row a practitioner and patient, from one row a kind of cluster, with the
    number of clusters of that kind: tens of millions of patients are of few kinds. `relation` has `clustering`
    (practitioner, patient or pair) and `clusters`. Where the patient is the trial, the patient is the pair. -#}
{% macro squares_of_clusters(relation, strata, events, trials, pair="pair") -%}
    {%- set stratum = strata | join(", ") -%}
    {%- set whole = "partition by " ~ stratum ~ ", clustering" -%}
    {%- set pieces = {"practitioner_squares": "practitioner", "patient_squares": "patient", "pair_squares": pair} -%}
    select
        {{ stratum }},
        max(total_events) as events,
        max(total_trials) as trials,
        sum(clusters) filter (where clustering = 'practitioner') as practitioners,
        {%- for squares, clustering in pieces.items() %}
            sum(clusters * square) filter (where clustering = '{{ clustering }}')
            * (1 - 1.0 / sum(clusters) filter (where clustering = '{{ clustering }}')) as {{ squares }},
        {%- endfor %}
        power(max(total_trials), 2) / greatest(
            sum(clusters * power({{ trials }}, 2)) filter (where clustering = 'practitioner'),
            sum(clusters * power({{ trials }}, 2)) filter (where clustering = 'patient')
        ) as effective_clusters
    from (
        select
            *,
            power(
                ({{ events }} - total_events * {{ trials }} / total_trials)
                / nullif(1 - {{ trials }} / total_trials, 0), 2
            ) as square
        from (
            select
                *,
                cast(sum(clusters * {{ events }}) over ({{ whole }}) as double) as total_events,
                cast(sum(clusters * {{ trials }}) over ({{ whole }}) as double) as total_trials
            from {{ relation }}
            where {{ trials }} > 0
        )
    )
    group by {{ stratum }}
{%- endmacro %}
