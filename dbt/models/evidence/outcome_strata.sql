-- The strata of each patient with a baseline, as of time zero.
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
        baselines.clinic_id,
        baselines.patient_id,
        baselines.instrument,
        coalesce(conditions.condition_group, 'not_recorded') as condition_group,
        {{ chronicity_band("conditions.chronicity_years") }} as chronicity,
        coalesce(patients.sex, 'not_recorded') as sex,
        {{ age_band("extract(year from baselines.time_zero_on) - patients.birth_year") }} as age,
        case
            when patients.first_time_acupuncture then 'first_time'
            when not patients.first_time_acupuncture then 'had_it_before'
            else 'not_recorded'
        end as first_time_acupuncture,
        if(left_studies.patient_id is null, concat(designs.study_id, ': ', patients.study_arm), null) as arm,
        designs.design
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
),

listed as (
    select
        clinic_id,
        patient_id,
        instrument,
        design as study_design,
        unnest([
            { 'stratifier': 'network', 'stratum': 'all' },
            { 'stratifier': 'condition_group', 'stratum': condition_group },
            { 'stratifier': 'chronicity', 'stratum': chronicity },
            { 'stratifier': 'sex', 'stratum': sex },
            { 'stratifier': 'age_and_sex', 'stratum': concat(sex, '_', age) },
            { 'stratifier': 'first_time_acupuncture', 'stratum': first_time_acupuncture },
            { 'stratifier': 'arm', 'stratum': if(design is null, null, arm) }
        ]) as named
    from known
)

select
    clinic_id,
    patient_id,
    instrument,
    named.stratifier,
    named.stratum,
    -- Only arms are allocated; every other stratum is its own before and after.
    if(named.stratifier = 'arm', study_design, 'uncontrolled before-after') as design
from listed
where named.stratum is not null
