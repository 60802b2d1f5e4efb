{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- Few sets occur: each is taken apart once.
with sessions as (
    select clinic_id, patient_id, session_id, session_key, month, technique_set
    from {{ of_touched_patients("sessions") }}
),

levels as (
    select * from {{ ref("exposure_levels") }}
    where exposure = 'technique'
),

sets as (
    select distinct technique_set from sessions
),

members as (
    select sets.technique_set, levels.level as technique
    from sets
    inner join levels on (sets.technique_set >> levels.number) & 1 = 1
)

select
    sessions.clinic_id,
    sessions.patient_id,
    sessions.session_id,
    sessions.session_key,
    sessions.month,
    members.technique
from sessions
inner join members using (technique_set)
