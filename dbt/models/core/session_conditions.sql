{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- What the patient's latest assessment that named a condition says, as of the session's day.
with sessions as (
    select * from {{ current_events("stg_sessions") }}
),

conditions as (
    select * from {{ of_touched_patients("patient_conditions") }}
    where is_primary
)

select
    sessions.clinic_id,
    sessions.patient_id,
    sessions.event_id,
    sessions.month,
    conditions.event_id as assessment_event_id,
    conditions.condition_code,
    conditions.condition_group
from sessions
inner join conditions
    on
        sessions.clinic_id = conditions.clinic_id
        and sessions.patient_id = conditions.patient_id
        and sessions.local_date >= conditions.recorded_on
qualify
    row_number() over (
        partition by sessions.clinic_id, sessions.event_id
        order by conditions.recorded_at desc, conditions.said_order desc
    ) = 1
