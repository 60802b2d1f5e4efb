{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with sessions as (
    select clinic_id, patient_id, session_id, session_key, month, unnest(techniques) as technique
    from {{ of_touched_patients("sessions") }}
),

vocabulary as (
    select code from {{ ref("techniques") }}
    union all
    select 'cupping_' || code as code from {{ ref("cupping_kinds") }}
    union all
    select 'needling' as code
),

known as (
    select distinct code from vocabulary
)

select distinct
    sessions.clinic_id,
    sessions.patient_id,
    sessions.session_id,
    sessions.session_key,
    sessions.month,
    coalesce(known.code, 'unlisted') as technique
from sessions
left join known on sessions.technique = known.code
