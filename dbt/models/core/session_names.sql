-- Every id by which a session is or was called: its own, those of earlier versions, and those under which another
-- source sent it again.
with versions as (
    select * from {{ ref("event_versions") }}
    where event_type = 'session.completed'
),

stated as (
    select clinic_id, event_id, session_id from {{ ref("stg_sessions") }}
),

holders as (
    select
        clinic_id,
        chain_id,
        coalesce(re_sent_of, event_id) as holder_id
    from versions
    where status in ('current', 're_sent')
),

names as (
    select
        versions.clinic_id,
        stated.session_id as name,
        current_version.patient_id,
        holder.session_id
    from versions
    inner join stated using (clinic_id, event_id)
    inner join holders using (clinic_id, chain_id)
    inner join versions as current_version
        on holders.clinic_id = current_version.clinic_id and holders.holder_id = current_version.event_id
    inner join stated as holder
        on holders.clinic_id = holder.clinic_id and holders.holder_id = holder.event_id
)

select
    clinic_id,
    patient_id,
    name,
    coalesce(min(session_id) filter (where session_id = name), min(session_id)) as session_id
from names
group by clinic_id, patient_id, name
