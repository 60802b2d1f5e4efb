{%- set cell = ["instrument", "stratifier", "stratum", "landmark"] -%}
-- Each patient is one trial: equal changes are counted before they are squared.
with practitioners as (
    select {{ cell | join(", ") }}, practitioner_key, sum(change_sum) as change, sum(patients_scored) as scores
    from {{ ref("landmark_counts") }}
    group by {{ cell | join(", ") }}, practitioner_key
),

changes as (
    select instrument, landmark, profile, value - baseline as change, count(*) as patients
    from {{ ref("landmark_scores") }}
    where is_due and value is not null
    group by instrument, landmark, profile, value - baseline
),

profiles as (
    select * from {{ ref("outcome_profiles") }}
),

clusters as (
    select {{ cell | join(", ") }}, 'practitioner' as clustering, change, scores, 1 as clusters
    from practitioners
    union all
    select
        changes.instrument, profiles.stratifier, profiles.stratum, changes.landmark, 'patient' as clustering,
        changes.change, 1 as scores, sum(changes.patients) as clusters
    from changes
    inner join profiles using (profile)
    group by changes.instrument, profiles.stratifier, profiles.stratum, changes.landmark, changes.change
),

clustered as (
    {{ squares_of_clusters("clusters", cell, "change", "scores", "patient") | indent(4) }}
)

select
    {{ cell | join(", ") }},
    cast(practitioners as bigint) as practitioners,
    {{ clustered_limit("mean", "low") }} as mean_change_low,
    {{ clustered_limit("mean", "high") }} as mean_change_high
from clustered
