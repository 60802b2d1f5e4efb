-- The practice system's own clock, by which it records events, against the order in which it numbered them.
with accepted as (
    select origin_topic_id, origin_partition, origin_offset
    from {{ ref("stg_dispositions") }}
    where disposition = 'accepted'
),

recorded as (
    select
        landed.clinic_id,
        landed.event_id,
        landed.source_key,
        landed.source_epoch,
        landed.source_sequence,
        landed.recorded_at
    from {{ ref("stg_landed_events") }} as landed
    semi join accepted using (origin_topic_id, origin_partition, origin_offset)
    where landed.source_sequence is not null and landed.recorded_at is not null and not landed.is_test
),

followed as (
    select
        *,
        lag(recorded_at) over (
            partition by clinic_id, source_key, source_epoch
            order by source_sequence, event_id
        ) as recorded_before
    from recorded
)

select
    clinic_id,
    event_id,
    'clock_jumped' as code,
    recorded_at < recorded_before - interval 1 hour as is_broken
from followed
where recorded_before is not null
