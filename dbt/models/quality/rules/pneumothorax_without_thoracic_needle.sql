with pneumothoraces as (
    select * from {{ ref("adverse_events") }}
    where term = 'pneumothorax'
),

-- A region that says "anywhere" says nothing.
regions as (
    select * from {{ ref("body_regions") }}
    where code not in ('whole_body', 'unspecified')
),

needles as (
    select needles.clinic_id, needles.patient_id, needles.session_id, regions.thoracic
    from {{ ref("needles") }} as needles
    left join regions on needles.region = regions.code
),

judged as (
    select
        pneumothoraces.clinic_id,
        pneumothoraces.event_id,
        bool_or(needles.thoracic) as has_thoracic,
        bool_and(needles.thoracic is not null) as is_placed
    from pneumothoraces
    inner join needles using (clinic_id, patient_id, session_id)
    group by pneumothoraces.clinic_id, pneumothoraces.event_id
)

select
    clinic_id,
    event_id,
    'pneumothorax_without_thoracic_needle' as code,
    not has_thoracic as is_broken
from judged
where has_thoracic or is_placed
