{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with enrolments as (
    select clinic_id, patient_id, local_date, unnest(risk_factors) as risk_factor
    from {{ current_events("stg_enrolments") }}
),

assessments as (
    select clinic_id, patient_id, local_date, unnest(risk_factors) as risk_factor
    from {{ current_events("stg_assessments") }}
),

stated as (
    select * from enrolments
    union all
    select * from assessments
)

select
    clinic_id,
    patient_id,
    risk_factor,
    min(local_date) as known_since
from stated
where risk_factor is not null
group by clinic_id, patient_id, risk_factor
