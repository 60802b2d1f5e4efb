with events as (
    select * from {{ ref("stg_events") }}
),

enrolments as (
    select
        *,
        row_number() over (order by occurred_at, arrival_order) as position
    from {{ ref("stg_enrolments") }}
),

mentioned as (
    select distinct clinic_id, patient_id from events
    where patient_id is not null
),

-- Of each attribute the value that was stated last; a study and its arm are stated together.
enrolled as (
    select
        clinic_id,
        patient_id,
        min(occurred_at) as enrolled_at,
        max_by(age_years, position) filter (where age_years is not null) as age_years,
        max_by(sex, position) filter (where sex is not null) as sex,
        max_by(already_in_care, position) filter (where already_in_care is not null) as already_in_care,
        max_by(study_id, position) filter (where study_id is not null and study_arm is not null) as study_id,
        max_by(study_arm, position) filter (where study_id is not null and study_arm is not null) as study_arm
    from enrolments
    group by clinic_id, patient_id
)

select
    mentioned.clinic_id,
    mentioned.patient_id,
    enrolled.enrolled_at,
    enrolled.age_years,
    case when enrolled.sex in ('female', 'male', 'other') then enrolled.sex end as sex,
    enrolled.already_in_care,
    enrolled.study_id,
    enrolled.study_arm
from mentioned
left join enrolled using (clinic_id, patient_id)
