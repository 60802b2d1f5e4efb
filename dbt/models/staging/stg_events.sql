{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "event_id"]) }}
-- Test data end here: nothing that is counted reads further back.
with landed as (
    select * from {{ of_touched_events(ref("stg_landed_events")) }}
    where not is_test
),

accepted as (
    select origin_topic_id, origin_partition, origin_offset
    from {{ of_touched_events(ref("stg_dispositions")) }}
    where disposition = 'accepted'
),

clinics as (
    select * from {{ ref("stg_clinics") }}
),

placed as (
    select
        landed.*,
        {{ clinic_local_time("landed.occurred_at", "clinics.time_zone", "landed.occurred_offset_min") }}
            as local_time
    from landed
    inner join accepted using (origin_topic_id, origin_partition, origin_offset)
    left join clinics using (clinic_id)
)

select
    clinic_id,
    event_id,
    event_type,
    patient_id,
    occurred_at,
    cast(local_time as date) as local_date,
    {{ month_of("local_time") }} as month,
    received_at,
    coalesce(recorded_at, occurred_at) as said_at,
    source_key,
    source_epoch,
    {{ said_order("coalesce(recorded_at, occurred_at)", "source_epoch", "source_sequence", "event_id") }} as said_order,
    -- What replaces itself replaces nothing, and what takes itself back takes nothing back.
    nullif(supersedes, event_id) as supersedes,
    nullif(retracts, event_id) as retracts,
    former_patient_id,
    subject_code,
    origin_topic_id,
    origin_partition,
    origin_offset,
    landed_partition,
    landed_offset
from placed
