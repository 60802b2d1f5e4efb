{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- What any version of a plan says of the items of STRICTA that a plan is for.
select
    clinic_id,
    patient_id,
    plan_id,
    bool_or(style is not null) as says_style,
    bool_or(rationale is not null) as says_rationale,
    bool_or(individualisation is not null) as says_individualisation,
    bool_or(planned_sessions is not null) as says_sessions,
    bool_or(sessions_per_week is not null) as says_frequency,
    bool_or(setting is not null or len(information_given) > 0) as says_context
from {{ of_touched_patients("plan_versions") }}
group by clinic_id, patient_id, plan_id
