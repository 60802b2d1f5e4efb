with studies as (
    select * from {{ ref("studies") }}
),

patients as (
    select clinic_id, patient_id, study_id from {{ ref("patients") }}
    where study_id is not null
),

first_scores as (
    select patients.study_id, min(outcomes.recorded_at) as first_outcome_at
    from patients
    inner join {{ ref("outcomes") }} as outcomes using (clinic_id, patient_id)
    group by patients.study_id
)

select
    studies.study_id,
    studies.reference_arm,
    studies.registered_at,
    first_scores.first_outcome_at,
    if(studies.registered_at < first_scores.first_outcome_at, 'randomised', 'uncontrolled before-after') as design
from studies
left join first_scores using (study_id)
