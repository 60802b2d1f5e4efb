{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with stated as (
    select * from {{ current_events("stg_plans") }}
    where plan_id is not null
)

select
    clinic_id,
    patient_id,
    plan_id,
    row_number() over versions as version,
    event_id,
    coalesce(episode_id, first_value(episode_id ignore nulls) over (
        partition by clinic_id, patient_id, plan_id
        order by said_order rows between unbounded preceding and unbounded following
    )) as episode_id,
    practitioner_id,
    local_date as valid_from,
    lead(local_date) over versions as replaced_on,
    is_revision,
    style,
    planned_sessions,
    sessions_per_week,
    goals,
    goal_targets,
    rationale,
    individualisation,
    care_intent,
    points,
    techniques,
    retention_min,
    setting,
    information_given,
    reason,
    said_order
from stated
window versions as (partition by clinic_id, patient_id, plan_id order by said_order)
