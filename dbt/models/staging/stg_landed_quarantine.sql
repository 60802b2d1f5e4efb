with landed as (
    select
        *,
        row_number() over (
            partition by origin_topic_id, origin_partition, origin_offset
            order by landed_offset desc, landed_partition asc
        ) as version
    from {{ landed_parquet(var("quarantine_segments")) }}
)

select
    origin_cluster_id,
    origin_topic,
    origin_topic_id,
    origin_partition,
    origin_offset,
    clinic_id,
    event_id,
    event_type,
    received_at at time zone 'UTC' as received_at,
    reasons,
    says_serious
from landed
where version = 1
