with landed as (
    select
        *,
        row_number() over (
            partition by origin_topic_id, origin_partition, origin_offset
            order by landed_offset desc, landed_partition asc, normaliser_version desc
        ) as version
    from {{ landed_parquet("event_segments") }}
)

select
    origin_cluster_id,
    origin_topic,
    origin_topic_id,
    origin_partition,
    origin_offset,
    event_id,
    event_type,
    clinic_id,
    occurred_at at time zone 'UTC' as occurred_at,
    occurred_offset_min,
    received_at at time zone 'UTC' as received_at,
    recorded_at at time zone 'UTC' as recorded_at,
    patient_id,
    flags,
    content_hash,
    try_cast(data as json) as data,
    try_cast(facts as json) as facts,
    supersedes,
    coalesce(is_test, false) as is_test,
    source_key,
    source_epoch,
    source_sequence
from landed
where version = 1
