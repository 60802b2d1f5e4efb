{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with sessions as (
    select clinic_id, session_id, patient_id, session_key, event_id, month from {{ of_touched_patients("sessions") }}
),

stated as (
    select clinic_id, event_id, needles, needle_facts, retention_min from {{ ref("stg_sessions") }}
),

regions as (
    select code from {{ ref("body_regions") }}
),

listed as (
    select
        sessions.clinic_id,
        sessions.session_id,
        sessions.patient_id,
        sessions.session_key,
        sessions.month,
        stated.retention_min as session_retention_min,
        unnest(range(1, len(stated.needles) + 1)) as position,
        unnest(stated.needles) as said,
        unnest(stated.needle_facts) as certain
    from sessions
    inner join stated using (clinic_id, event_id)
)

select
    listed.clinic_id,
    listed.session_id,
    listed.patient_id,
    listed.session_key,
    listed.month,
    cast(listed.position as integer) as position,
    listed.certain.point_code,
    listed.certain.meridian,
    listed.certain.organ,
    coalesce(listed.certain.region, regions.code) as region,
    listed.said.side,
    {{ number_of("listed.said.depth_mm", 0, 200) }} as depth_mm,
    listed.said.angle,
    {{ number_of("listed.said.gauge_mm", 0.05, 1) }} as gauge_mm,
    {{ number_of("listed.said.length_mm", 1, 300) }} as length_mm,
    listed.said.stimulation,
    listed.said.de_qi,
    listed.said.response_sought,
    listed.said.tissue_level,
    listed.said.material,
    coalesce({{ number_of("listed.said.retention_min", 0, 1440) }}, listed.session_retention_min) as retention_min,
    listed.said.intent,
    {{ without_habits("listed.said.lot") }} as lot,
    {{ without_habits("listed.said.manufacturer") }} as manufacturer
from listed
left join regions on listed.said.region = regions.code
