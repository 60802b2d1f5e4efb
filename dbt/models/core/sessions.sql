{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- All but one of the tables joined are small: several of as many rows as sessions would not fit into memory at once.
with stated as (
    select * exclude (month, episode_id, needles, needle_facts) from {{ ref("stg_sessions") }}
),

numbers as (
    select * from {{ of_touched_patients("session_numbers") }}
),

registrations as (
    select * from {{ ref("practitioner_registrations") }}
),

practitioners as (
    select practitioner_key, practising_since_year from {{ ref("practitioners") }}
),

licences as (
    select * from {{ ref("licence_periods") }}
),

conditions as (
    select * from {{ of_touched_patients("condition_periods") }}
),

patients as (
    select * from {{ of_touched_patients("patients") }}
),

methods as (
    select code from {{ ref("ae_screen_methods") }}
),

techniques as (
    select map(list(level), list(cast(1 as bigint) << number)) as bits from {{ ref("exposure_levels") }}
    where exposure = 'technique'
),

numbered as (
    select
        stated.*,
        numbers.* exclude (clinic_id, event_id, plan_id),
        numbers.plan_id as followed_plan_id
    from stated
    inner join numbers using (clinic_id, event_id)
)

select
    numbered.clinic_id,
    numbered.session_id,
    numbered.patient_id,
    {{ session_key("numbered") }} as session_key,
    {{ patient_key("numbered") }} as patient_key,
    numbered.event_id,
    numbered.practitioner_id,
    registrations.practitioner_key,
    numbered.episode_id,
    numbered.plan_id,
    numbered.followed_plan_id,
    numbered.occurred_at,
    {{ session_beginning("numbered") }} as began_at,
    numbered.local_date,
    numbered.month,
    numbered.session_number,
    numbered.patient_session_number,
    if(patients.is_first_visit_known, numbered.patient_session_number = 1, null) as is_first_visit,
    numbered.days_since_baseline,
    numbered.days_since_previous,
    coalesce(methods.code, 'not_recorded') as ae_screen_method,
    {{ ae_asked("methods.code", "numbered.ae_screened") }} as ae_asked,
    numbered.occurred_at + to_days({{ ascertainment_days() }}) as ascertained_at,
    numbered.needles_inserted,
    numbered.needles_removed,
    numbered.needles_left_in,
    cast(coalesce(numbered.needles_inserted, nullif(numbered.needles_listed, 0)) as integer) as needles,
    numbered.retention_min,
    coalesce(numbered.needles_inserted, nullif(numbered.needles_listed, 0)) * numbered.retention_min as needle_minutes,
    numbered.duration_min,
    numbered.uses_current,
    numbered.techniques,
    coalesce(list_bit_or(
        list_transform(numbered.techniques, lambda name: coalesce(techniques.bits[name], techniques.bits['unlisted']))
    ), 0) as technique_set,
    numbered.moxibustion_intents,
    numbered.style,
    numbered.setting,
    numbered.advice,
    numbered.conventional_care_contact,
    licences.is_licensed,
    case
        when licences.is_licensed then coalesce(licences.credential, 'unlisted')
        when licences.is_licensed is null then 'not_recorded'
        else 'none_valid'
    end as credential,
    coalesce(licences.title, 'not_recorded') as title,
    extract(year from numbered.local_date) - practitioners.practising_since_year as experience_years,
    coalesce(conditions.condition_code, 'not_recorded') as condition_code,
    coalesce(conditions.condition_group, 'not_recorded') as condition_group,
    conditions.event_id as assessment_event_id,
    extract(year from numbered.local_date) - patients.birth_year as age_years,
    coalesce(patients.sex, 'not_recorded') as sex
from numbered
cross join techniques
left join registrations using (clinic_id, practitioner_id)
left join practitioners using (practitioner_key)
left join licences
    on
        registrations.practitioner_key = licences.practitioner_key
        and numbered.local_date >= licences.valid_from
        and numbered.local_date < licences.valid_until
left join conditions
    on
        numbered.clinic_id = conditions.clinic_id
        and numbered.patient_id = conditions.patient_id
        and numbered.local_date >= conditions.valid_from
        and numbered.local_date < conditions.valid_until
left join patients on numbered.clinic_id = patients.clinic_id and numbered.patient_id = patients.patient_id
left join methods on numbered.ae_screen_method = methods.code
