{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with mentioned as (
    select distinct clinic_id, patient_id
    from {{ of_touched_patients("current_versions") }}
    where patient_id is not null
),

enrolments as (
    select
        *,
        row_number() over (order by occurred_at, said_order) as position
    from {{ current_events("stg_enrolments") }}
),

identities as (
    select clinic_id, patient_id, count(*) as former_pseudonyms
    from {{ ref("stg_patient_identities") }}
    group by clinic_id, patient_id
),

-- Of each attribute the value that was stated last; a study and its arm are stated together.
enrolled as (
    select
        clinic_id,
        patient_id,
        min(occurred_at) as enrolled_at,
        max_by(birth_year, position) filter (where birth_year is not null) as birth_year,
        max_by(age_years, position) filter (where age_years is not null) as age_years,
        max_by(sex, position) filter (where sex is not null) as sex,
        -- Two references of one patient may have been entered at different times: once in care is in care.
        bool_or(already_in_care) as already_in_care,
        max_by(first_time_acupuncture, position) filter (where first_time_acupuncture is not null)
            as first_time_acupuncture,
        max_by(study_id, position) filter (where study_id is not null and study_arm is not null) as study_id,
        max_by(study_arm, position) filter (where study_id is not null and study_arm is not null) as study_arm
    from enrolments
    group by clinic_id, patient_id
)

select
    mentioned.clinic_id,
    mentioned.patient_id,
    enrolled.enrolled_at,
    enrolled.birth_year,
    enrolled.age_years,
    case when enrolled.sex in ('female', 'male', 'other') then enrolled.sex end as sex,
    enrolled.already_in_care,
    -- What was not recorded is not known: only a clinic that says so has seen a patient's first visit.
    coalesce(not enrolled.already_in_care, false) as is_first_visit_known,
    enrolled.first_time_acupuncture,
    enrolled.study_id,
    enrolled.study_arm,
    coalesce(identities.former_pseudonyms, 0) as former_pseudonyms
from mentioned
left join enrolled using (clinic_id, patient_id)
left join identities using (clinic_id, patient_id)
