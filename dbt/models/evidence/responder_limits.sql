{%- set cell = ["instrument", "stratifier", "stratum", "month", "denominator"] -%}
-- The cluster-robust limits: of all with a baseline, and of those with a score. Each patient is one trial, who responds
-- or does not.
with counts as (
    select * from {{ counts_of_responders() }}
),

practitioners as (
    select
        instrument,
        stratifier,
        stratum,
        month,
        practitioner_key,
        sum(responders) as responders,
        sum(patients_with_room) as all_patients,
        sum(patients_with_room_scored) as scored_patients
    from counts
    group by instrument, stratifier, stratum, month, practitioner_key
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
