{%- set cell = ["instrument", "stratifier", "stratum", "month", "denominator"] -%}
-- The cluster-robust limits: of all with a baseline, and of those with a score. Each patient is one trial, who responds
-- or does not.
with landmarks as (
    select landmark, month from {{ ref("outcome_landmarks") }}
    where landmark like 'month_%'
),

instruments as (
    select code as instrument from {{ ref("outcome_instruments") }}
    where responder_rule in ('absolute', 'relative')
),

practitioners as (
    select
        counts.instrument,
        counts.stratifier,
        counts.stratum,
        landmarks.month,
        counts.practitioner_key,
        sum(counts.responders) as responders,
        sum(counts.patients_with_room) as all_patients,
        sum(counts.patients_with_room_scored) as scored_patients
    from {{ ref("landmark_counts") }} as counts
    inner join landmarks using (landmark)
    inner join instruments using (instrument)
    group by counts.instrument, counts.stratifier, counts.stratum, landmarks.month, counts.practitioner_key
),

trials as (
    {%- for denominator in ["all", "scored"] %}
        {{ "union all" if not loop.first }}
        select
            instrument,
            stratifier,
            stratum,
            month,
            practitioner_key,
            '{{ denominator }}' as denominator,
            responders,
            {{ denominator }}_patients as patients
        from practitioners
    {%- endfor %}
),

clusters as (
    select {{ cell | join(", ") }}, 'practitioner' as clustering, responders, patients, 1 as clusters
    from trials
    union all
    select {{ cell | join(", ") }}, 'patient' as clustering, 1 as responders, 1 as patients, sum(responders) as clusters
    from trials
    group by {{ cell | join(", ") }}
    having sum(responders) > 0
    union all
    select
        {{ cell | join(", ") }}, 'patient' as clustering, 0 as responders, 1 as patients,
        sum(patients - responders) as clusters
    from trials
    group by {{ cell | join(", ") }}
    having sum(patients - responders) > 0
),

clustered as (
    {{ squares_of_clusters("clusters", cell, "responders", "patients", "patient") | indent(4) }}
)

select
    {{ cell | join(", ") }},
    cast(practitioners as bigint) as practitioners,
    {{ clustered_limit("share", "low") }} as share_low,
    {{ clustered_limit("share", "high") }} as share_high
from clustered
