{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
select
    clinic_id,
    event_id,
    patient_id,
    goal,
    attainment,
    plan_id,
    episode_id,
    local_date as judged_on,
    said_order
from {{ current_events("stg_goal_attainments") }}
where attainment is not null
