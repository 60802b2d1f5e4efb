with sessions as (
    select * from {{ ref("treated_sessions") }}
    where plan_id is not null
),

-- Only where points were planned is it asked which were used.
plans_with_points as (
    select distinct {{ patient_key("plans") }} as patient_key, plan_id
    from {{ ref("plan_versions") }} as plans
    where len(points) > 0
),

used as (
    select patient_key, plan_id, list_sort(list_distinct(flatten(list(points)))) as points
    from sessions
    semi join plans_with_points using (patient_key, plan_id)
    group by patient_key, plan_id
),

held as (
    select
        patient_key,
        plan_id,
        count(*) as sessions,
        min(local_date) as first_session_on,
        max(local_date) as last_session_on,
        min_by(condition_group, row(local_date, session_number)) as condition_group,
        bit_or(technique_set) as technique_set
    from sessions
    group by patient_key, plan_id
)

select
    held.*,
    used.points,
    {{ sessions_per_week("held.sessions", "held.first_session_on", "held.last_session_on") }} as sessions_per_week
from held
left join used using (patient_key, plan_id)
