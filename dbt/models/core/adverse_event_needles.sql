{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- Which needle an event comes from: the one that the report counts, else the only one of the session at the point that
-- it names.
with cases as (
    select * from {{ of_touched_patients("adverse_event_cases") }}
    where needle is not null or point_code is not null
),

needles as (
    select * from {{ of_touched_patients("needles") }}
),

candidates as (
    select
        cases.clinic_id,
        cases.patient_id,
        cases.event_id,
        cases.reported_term,
        needles.position,
        needles.region,
        needles.depth_mm,
        needles.gauge_mm,
        coalesce(cases.needle = needles.position, false) as is_counted,
        coalesce(cases.point_code = needles.point_code and coalesce(cases.side = needles.side, true), false)
            as is_named
    from cases
    inner join needles using (clinic_id, patient_id, session_id)
)

select
    clinic_id,
    patient_id,
    event_id,
    reported_term,
    case
        when bool_or(is_counted) then min(position) filter (where is_counted)
        when count(*) filter (where is_named) = 1 then min(position) filter (where is_named)
    end as position,
    case
        when bool_or(is_counted) then min(depth_mm) filter (where is_counted)
        when count(*) filter (where is_named) = 1 then min(depth_mm) filter (where is_named)
    end as depth_mm,
    case
        when bool_or(is_counted) then min(gauge_mm) filter (where is_counted)
        when count(*) filter (where is_named) = 1 then min(gauge_mm) filter (where is_named)
    end as gauge_mm,
    case
        when bool_or(is_counted) then min(region) filter (where is_counted)
        else min(region) filter (where is_named)
    end as region
from candidates
where is_counted or is_named
group by clinic_id, patient_id, event_id, reported_term
