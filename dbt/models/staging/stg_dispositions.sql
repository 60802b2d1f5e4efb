{{ config(
    materialized="incremental",
    incremental_strategy="touched",
    unique_key=["clinic_id", "event_id", "is_refused"]
) }}
-- depends_on: {{ ref("touched_events") }}
with events as (
    select * from {{ of_touched_events(ref("stg_landed_events")) }}
),

quarantine as (
    select * from {{ ref("stg_landed_quarantine") }}
),

-- Within a clinic, an id belongs to the content that arrived with it first.
identified as (
    select
        *,
        row_number() over arrivals as arrival,
        first_value(content_hash) over arrivals as first_content_hash
    from events
    window
        arrivals as (
            -- Of what was erased there is no id left that could be another's.
            partition by clinic_id, event_id, is_erased
            order by received_at, origin_topic_id, origin_partition, origin_offset
        )
),

judged as (
    select
        *,
        case
            when is_erased then 'erased'
            when id_was_erased then 'quarantined'
            when arrival = 1 then 'accepted'
            when coalesce(content_hash, '') = coalesce(first_content_hash, '') then 'duplicate'
            else 'quarantined'
        end as disposition
    from identified
),

-- An origin that newer rules accept is no longer quarantined.
still_refused as (
    select quarantine.*
    from quarantine
    anti join {{ ref("stg_landed_events") }} using (origin_topic_id, origin_partition, origin_offset)
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
    received_at,
    is_test,
    disposition,
    case
        when disposition = 'quarantined' then [{ 'code': 'id_reused', 'path': '/id' }]
        when disposition = 'accepted' then coalesce(flags, [])
        else []
    end as reasons,
    false as is_refused
from judged
union all
select
    origin_cluster_id,
    origin_topic,
    origin_topic_id,
    origin_partition,
    origin_offset,
    clinic_id,
    event_id,
    event_type,
    received_at,
    false as is_test,
    'quarantined' as disposition,
    coalesce(reasons, []) as reasons,
    true as is_refused
from still_refused
