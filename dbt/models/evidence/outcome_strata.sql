-- The strata of each patient with a baseline, as of time zero. Few combinations occur.
with baselines as (
    select * from {{ ref("outcome_baselines") }}
),

patients as (
    select * from {{ ref("patients") }}
),

conditions as (
    select * from {{ ref("condition_periods") }}
),

designs as (
    select * from {{ ref("study_designs") }}
),

left_studies as (
    select clinic_id, patient_id from {{ ref("consent_withdrawals") }}
    where purpose = 'study'
),

known as (
    select
        baselines.patient_key,
        baselines.instrument,
        baselines.clinic_id,
        baselines.practitioner_key,
        coalesce(conditions.condition_group, 'not_recorded') as condition_group,
        {{ chronicity_band("conditions.chronicity_years") }} as chronicity,
        coalesce(patients.sex, 'not_recorded') as sex,
        concat(
            coalesce(patients.sex, 'not_recorded'),
            '_',
            {{ age_band("extract(year from baselines.time_zero_on) - patients.birth_year") }}
        ) as age_and_sex,
        case
            when patients.first_time_acupuncture then 'first_time'
            when not patients.first_time_acupuncture then 'had_it_before'
            else 'not_recorded'
        end as first_time_acupuncture,
        if(
            left_studies.patient_id is null and designs.design is not null,
            concat(designs.study_id, ': ', patients.study_arm),
            null
        ) as arm,
        if(left_studies.patient_id is null, designs.design, null) as design
    from baselines
    left join patients using (clinic_id, patient_id)
    left join left_studies using (clinic_id, patient_id)
    left join designs on patients.study_id = designs.study_id
    left join conditions
        on
            baselines.clinic_id = conditions.clinic_id
            and baselines.patient_id = conditions.patient_id
            and baselines.time_zero_on >= conditions.valid_from
            and baselines.time_zero_on < conditions.valid_until
)

select
    *,
    hash(condition_group, chronicity, sex, age_and_sex, first_time_acupuncture, arm, design) as profile
from known
