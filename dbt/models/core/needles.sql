with sessions as (
    select * from {{ ref("sessions") }}
),

stated as (
    select * from {{ ref("stg_sessions") }}
),

listed as (
    select
        sessions.clinic_id,
        sessions.session_id,
        sessions.patient_id,
        unnest(range(1, len(stated.needles) + 1)) as position,
        unnest(stated.needles) as data,
        unnest(stated.needle_facts) as facts
    from sessions
    inner join stated using (clinic_id, event_id)
)

select
    clinic_id,
    session_id,
    patient_id,
    cast(position as integer) as position,
    {{ fact_text("point_code") }} as point_code,
    {{ fact_text("meridian") }} as meridian,
    {{ fact_text("organ") }} as organ,
    coalesce({{ fact_text("region") }}, {{ json_text("region") }}) as region,
    {{ json_text("side") }} as side,
    {{ json_number("depth_mm", 0, 200) }} as depth_mm,
    {{ json_text("stimulation") }} as stimulation,
    {{ json_boolean("de_qi") }} as de_qi,
    {{ json_text("intent") }} as intent,
    {{ without_habits(json_text("lot")) }} as lot,
    {{ without_habits(json_text("manufacturer")) }} as manufacturer
from listed
