-- Whoever takes part in a study agrees to research and to the study; a study that nobody registered has no name here.
with changes as (
    select * from {{ consenting("outcome_changes", "research") }}
    where {{ is_closed("recorded_on") }}
),

left_studies as (
    select clinic_id, patient_id from {{ ref("consent_withdrawals") }}
    where purpose = 'study'
),

designs as (
    select * from {{ ref("study_designs") }}
),

willing as (
    select changes.*
    from changes
    left join left_studies using (clinic_id, patient_id)
    where changes.study = 'none' or left_studies.patient_id is null
)

select
    willing.clinic_id,
    willing.patient_id,
    case when willing.study = 'none' then 'none' else coalesce(designs.study_id, 'unlisted') end as study,
    if(willing.study = 'none' or designs.study_id is not null, willing.arm, 'unlisted') as arm,
    designs.reference_arm,
    coalesce(designs.design, 'uncontrolled before-after') as design,
    willing.instrument,
    willing.better,
    willing.month,
    willing.baseline,
    willing.value,
    willing.is_responder,
    willing.age_years,
    willing.sex,
    willing.diagnosis,
    willing.chronicity_years
from willing
left join designs on willing.study = designs.study_id
