with adverse_events as (
    select * from {{ ref("adverse_events") }}
    where named_session_id is not null
),

follow_ups as (
    select * from {{ current_events("stg_follow_ups", about="everybody") }}
    where session_id is not null
),

names as (
    select * from {{ ref("session_names") }}
),

followed as (
    select
        follow_ups.clinic_id,
        follow_ups.event_id,
        names.session_id
    from follow_ups
    left join names
        on
            follow_ups.clinic_id = names.clinic_id
            and follow_ups.patient_id = names.patient_id
            and follow_ups.session_id = names.name
),

named as (
    select clinic_id, event_id, session_id from adverse_events
    union all
    select clinic_id, event_id, session_id from followed
)

select
    clinic_id,
    event_id,
    'session_unknown' as code,
    session_id is null as is_broken
from named
