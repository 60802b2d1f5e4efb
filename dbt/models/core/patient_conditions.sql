{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with assessments as (
    select * from {{ current_events("stg_assessments") }}
),

vocabulary as (
    select * from {{ ref("conditions") }}
),

named as (
    select
        clinic_id,
        event_id,
        patient_id,
        occurred_at as recorded_at,
        local_date as recorded_on,
        said_order,
        unnest(range(1, len(conditions) + 1)) as position,
        unnest(conditions) as data,
        unnest(condition_facts) as facts
    from assessments
)

select
    named.clinic_id,
    named.event_id,
    named.patient_id,
    cast(named.position as integer) as position,
    coalesce(vocabulary.code, 'unlisted') as condition_code,
    vocabulary."group" as condition_group,
    named.position = 1 as is_primary,
    {{ json_number("chronicity_years", 0, 130) }} as chronicity_years,
    named.recorded_at,
    named.recorded_on,
    named.said_order
from named
left join vocabulary on coalesce({{ fact_text("condition") }}, {{ json_text("code") }}) = vocabulary.code
