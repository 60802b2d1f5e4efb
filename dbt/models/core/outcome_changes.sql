{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with outcomes as (
    select * from {{ of_touched_patients("outcomes") }}
),

instruments as (
    select * from {{ ref("outcome_instruments") }}
),

patients as (
    select * from {{ of_touched_patients("patients") }}
),

first_diagnoses as (
    select *
    from {{ of_touched_patients("patient_conditions") }}
    where is_primary
    qualify row_number() over (partition by clinic_id, patient_id order by recorded_at, said_order) = 1
),

scores as (
    select outcomes.*, instruments.better, instruments.responder_rule, instruments.responder_threshold
    from outcomes
    inner join instruments on outcomes.instrument = instruments.code
),

paired as (
    select
        later.*,
        baseline.value as baseline,
        baseline.recorded_on as baseline_on,
        if(later.better = 'low', baseline.value - later.value, later.value - baseline.value) as improvement
    from scores as later
    inner join scores as baseline using (clinic_id, patient_id, instrument)
    where baseline.month = 0 and later.month >= 0
)

select
    paired.clinic_id,
    paired.patient_id,
    paired.patient_key,
    coalesce(patients.study_id, 'none') as study,
    coalesce(patients.study_arm, 'routine_care') as arm,
    paired.instrument,
    paired.domain,
    paired.better,
    paired.month,
    paired.baseline_on,
    paired.recorded_on,
    paired.recorded_on - paired.baseline_on as days_since_baseline,
    paired.baseline,
    paired.value,
    paired.improvement,
    -- To the ninth decimal: 20 falling to 13 is 35 %, whatever binary fractions say.
    case paired.responder_rule
        when 'absolute' then paired.improvement >= paired.responder_threshold - 1e-9
        when 'relative'
            then paired.baseline > 0 and paired.improvement >= paired.responder_threshold * paired.baseline - 1e-9
    end as is_responder,
    patients.age_years,
    patients.sex,
    first_diagnoses.condition_code as diagnosis,
    coalesce(first_diagnoses.condition_group, 'not_recorded') as condition_group,
    first_diagnoses.chronicity_years
from paired
inner join patients using (clinic_id, patient_id)
left join first_diagnoses using (clinic_id, patient_id)
