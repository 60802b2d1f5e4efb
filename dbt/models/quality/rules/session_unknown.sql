with adverse_events as (
    select * from {{ ref("adverse_events") }}
),

follow_ups as (
    select * from {{ ref("stg_follow_ups") }}
),

sessions as (
    select * from {{ ref("sessions") }}
),

named as (
    select clinic_id, event_id, patient_id, named_session_id as session_id from adverse_events
    union all
    select clinic_id, event_id, patient_id, session_id from follow_ups
)

select
    named.clinic_id,
    named.event_id,
    'session_unknown' as code,
    sessions.session_id is null as is_broken
from named
left join sessions
    on
        named.clinic_id = sessions.clinic_id
        and named.patient_id = sessions.patient_id
        and named.session_id = sessions.session_id
where named.session_id is not null
