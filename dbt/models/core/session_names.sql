{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- Every id by which a session is or was called: its own, those of earlier versions, and those under which another
-- source sent it again.
with counting as (
    select clinic_id, patient_id, event_id, month from {{ of_touched_patients("current_versions") }}
    where event_type = 'session.completed'
),

versions as (
    select clinic_id, event_id, chain_id, status, re_sent_of from {{ ref("event_versions") }}
    where event_type = 'session.completed'
),

stated as (
    select clinic_id, event_id, session_id from {{ ref("stg_sessions") }}
),

-- The chains that lead to a session that counts: its own, and those of its re-sent copies.
chains as (
    select
        versions.clinic_id,
        versions.chain_id,
        counting.patient_id,
        counting.month,
        stated.session_id
    from versions
    inner join counting
        on
            versions.clinic_id = counting.clinic_id
            and coalesce(versions.re_sent_of, versions.event_id) = counting.event_id
    inner join stated on counting.clinic_id = stated.clinic_id and counting.event_id = stated.event_id
    where versions.status in ('current', 're_sent')
),

names as (
    select
        chains.clinic_id,
        chains.patient_id,
        chains.month,
        stated.session_id as name,
        chains.session_id
    from chains
    inner join versions using (clinic_id, chain_id)
    inner join stated on versions.clinic_id = stated.clinic_id and versions.event_id = stated.event_id
)

select
    clinic_id,
    patient_id,
    name,
    min(month) as month,
    coalesce(min(session_id) filter (where session_id = name), min(session_id)) as session_id
from names
group by clinic_id, patient_id, name
