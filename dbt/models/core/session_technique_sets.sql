{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with techniques as (
    select * from {{ of_touched_patients("session_techniques") }}
),

levels as (
    select * from {{ ref("exposure_levels") }}
    where exposure = 'technique'
)

select
    any_value(techniques.clinic_id) as clinic_id,
    any_value(techniques.patient_id) as patient_id,
    techniques.session_key,
    any_value(techniques.month) as month,
    bit_or(cast(1 as bigint) << levels.number) as technique_set
from techniques
inner join levels on techniques.technique = levels.level
group by techniques.session_key
