{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with stated as (
    select * from {{ current_events("stg_assessments") }}
)

select
    clinic_id,
    event_id,
    patient_id,
    practitioner_id,
    episode_id,
    care_intent,
    patterns,
    goals,
    co_treatments,
    referred_by,
    referred_to,
    anticoagulants,
    occurred_at as assessed_at,
    local_date as assessed_on,
    said_order
from stated
