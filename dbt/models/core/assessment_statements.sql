{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- From which day on a patient's assessments have said something of these items.
select
    clinic_id,
    patient_id,
    min(assessed_on) filter (where len(patterns) > 0) as patterns_said_on,
    min(assessed_on) filter (where len(co_treatments) > 0) as co_treatments_said_on
from {{ of_touched_patients("assessments") }}
group by clinic_id, patient_id
