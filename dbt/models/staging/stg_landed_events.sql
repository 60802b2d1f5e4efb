{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key=["origin_topic_id", "origin_partition", "origin_offset"]
) }}
-- One row for each place in the clinics' topics: the stream may repeat itself, and what landed last holds. What an
-- event says stays in the segments; here is what others need to know of it.
with landed as (
    select * from {{ landed_parquet(event_segments()) }}
),

read as (
    select
        origin_cluster_id,
        origin_topic,
        origin_topic_id,
        origin_partition,
        origin_offset,
        landed_partition,
        landed_offset,
        normaliser_version,
        -- No event's id is empty: all that was erased of a clinic is one touched event, whenever more of it lands.
        if(is_erased, '', event_id) as event_id,
        event_type,
        clinic_id,
        occurred_at at time zone 'UTC' as occurred_at,
        occurred_offset_min,
        received_at at time zone 'UTC' as received_at,
        recorded_at at time zone 'UTC' as recorded_at,
        patient_id,
        flags,
        content_hash,
        supersedes,
        {{ subject_code() }} as subject_code,
        if(event_type = 'event.retracted', {{ landed_text("event_id") }}, null) as retracts,
        if(event_type = 'patient.merged', {{ landed_text("former_patient_id") }}, null) as former_patient_id,
        coalesce(is_test, false) as is_test,
        coalesce(is_erased, false) as is_erased,
        coalesce(id_was_erased, false) as id_was_erased,
        source_key,
        source_epoch,
        source_sequence
    from landed
    {% if is_increment() %}
        union all
        select known.* from staging.stg_landed_events as known
        semi join landed using (origin_topic_id, origin_partition, origin_offset)
    {% endif %}
)

select *
from read
qualify
    row_number() over (
        partition by origin_topic_id, origin_partition, origin_offset
        order by landed_offset desc, landed_partition asc, normaliser_version desc
    ) = 1
