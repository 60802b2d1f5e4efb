with refused as (
    select
        clinic_id,
        case when event_type in {{ event_types() }} then event_type else 'unknown' end as event_type,
        list_distinct(list_transform(reasons, lambda reason: reason.code)) as reasons
    from {{ ref("stg_dispositions") }}
    where disposition = 'quarantined' and not is_test
),

named as (
    select
        clinic_id,
        event_type,
        unnest(reasons) as reason
    from refused
)

select
    clinic_id,
    event_type,
    reason,
    count(*) as events
from named
group by clinic_id, event_type, reason
