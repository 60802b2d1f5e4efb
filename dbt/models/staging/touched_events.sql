{{ config(materialized="incremental", incremental_strategy="append") }}
-- With the pseudonym that an event had until now: an id may turn out to belong to another event than it seemed.
with landed as (
    select distinct
        clinic_id,
        coalesce(event_id, '') as event_id
    from {{ landed_parquet(event_segments()) }}
),

known as (
    {% if is_increment() %}
        select clinic_id, event_id, patient_id from staging.stg_events
    {% else %}
        select clinic_id, event_id, '' as patient_id from landed
        where false
    {% endif %}
)

select
    landed.clinic_id,
    landed.event_id,
    known.patient_id as former_patient_id
from landed
left join known using (clinic_id, event_id)
where {{ is_increment() | lower }}
