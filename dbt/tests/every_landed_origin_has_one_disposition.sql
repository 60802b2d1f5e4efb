with landed as (
    select origin_topic_id, origin_partition, origin_offset from {{ ref("stg_landed_events") }}
    union
    select origin_topic_id, origin_partition, origin_offset from {{ ref("stg_landed_quarantine") }}
),

judged as (
    select origin_topic_id, origin_partition, origin_offset from {{ ref("stg_dispositions") }}
)

(
    select * from landed
    except all
    select * from judged
)
union all
(
    select * from judged
    except all
    select * from landed
)
