{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- Every id by which a session is or was called: its own, those of earlier versions, and those under which another
-- source sent it again. Few have more than their own.
with sessions as (
    select clinic_id, patient_id, session_id, month from {{ of_touched_patients("sessions") }}
),

counting as (
    select clinic_id, patient_id, event_id, chain_id from {{ of_touched_patients("current_versions") }}
    where event_type = 'session.completed'
),

versions as (
    select clinic_id, event_id, chain_id, status, re_sent_of from {{ ref("event_versions") }}
    where event_type = 'session.completed' and status <> 'current'
),

stated as (
    select clinic_id, event_id, session_id from {{ ref("stg_sessions") }}
),

-- The chains of several versions that lead to a session that counts: its own, and those of its re-sent copies.
chains as (
    select counting.clinic_id, counting.patient_id, counting.event_id, counting.chain_id
    from counting
    semi join versions using (clinic_id, chain_id)
    union all
    select counting.clinic_id, counting.patient_id, counting.event_id, versions.chain_id
    from counting
    inner join versions
        on counting.clinic_id = versions.clinic_id and counting.event_id = versions.re_sent_of
    where versions.status = 're_sent'
),

called as (
    select
        chains.clinic_id,
        chains.patient_id,
        named.session_id as name,
        holding.session_id
    from chains
    inner join versions using (clinic_id, chain_id)
    inner join stated as named on versions.clinic_id = named.clinic_id and versions.event_id = named.event_id
    inner join stated as holding on chains.clinic_id = holding.clinic_id and chains.event_id = holding.event_id
),

others as (
    select clinic_id, patient_id, name, min(session_id) as session_id
    from called
    anti join sessions
        on
            called.clinic_id = sessions.clinic_id
            and called.patient_id = sessions.patient_id
            and called.name = sessions.session_id
    group by clinic_id, patient_id, name
)

select clinic_id, patient_id, session_id as name, month, session_id from sessions
union all
select others.clinic_id, others.patient_id, others.name, sessions.month, others.session_id
from others
inner join sessions using (clinic_id, patient_id, session_id)
