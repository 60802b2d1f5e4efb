-- What assessments and sessions say of other care, a row for each patient and answer.
with assessments as (
    select * from {{ consenting("assessments", "benchmarking") }}
    where {{ is_closed("assessed_on") }}
),

conditions as (
    select * from {{ ref("condition_periods") }}
),

answers as (
    select clinic_id, patient_id, assessed_on, event_id, 'co_treatment' as kind, unnest(co_treatments) as answer
    from assessments
    union all
    select clinic_id, patient_id, assessed_on, event_id, 'referred_by' as kind, referred_by as answer
    from assessments
    where referred_by is not null
    union all
    select clinic_id, patient_id, assessed_on, event_id, 'referred_to' as kind, unnest(referred_to) as answer
    from assessments
),

vocabulary as (
    select 'co_treatment' as kind, code from {{ ref("co_treatments") }}
    union all
    select 'referred_by' as kind, code from {{ ref("referrals") }}
    union all
    select 'referred_to' as kind, code from {{ ref("referrals") }}
),

assessed as (
    select
        coalesce(conditions.condition_group, 'not_recorded') as condition_group,
        answers.kind,
        coalesce(vocabulary.code, 'unlisted') as code,
        answers.clinic_id,
        {{ patient_key("answers") }} as patient_key,
        answers.event_id
    from answers
    left join vocabulary on answers.kind = vocabulary.kind and answers.answer = vocabulary.code
    left join conditions
        on
            answers.clinic_id = conditions.clinic_id
            and answers.patient_id = conditions.patient_id
            and answers.assessed_on >= conditions.valid_from
            and answers.assessed_on < conditions.valid_until
),

of_assessments as (
    select condition_group, kind, code, clinic_id, patient_key, count(distinct event_id) as statements
    from assessed
    group by condition_group, kind, code, clinic_id, patient_key
),

of_sessions as (
    select
        condition_group,
        'conventional_care_contact' as kind,
        if(conventional_care_contact, 'yes', 'no') as code,
        clinic_id,
        patient_key,
        count(*) as statements
    from {{ ref("treated_sessions") }}
    where conventional_care_contact is not null
    group by condition_group, conventional_care_contact, clinic_id, patient_key
)

select * from of_assessments
union all
select * from of_sessions
