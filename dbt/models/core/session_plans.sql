{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- A session follows the plan that it names; one that names none, the only plan of its episode.
with sessions as (
    select * from {{ of_touched_patients("sessions") }}
),

plans as (
    select distinct clinic_id, patient_id, plan_id, episode_id from {{ of_touched_patients("plan_versions") }}
),

only_plans as (
    select clinic_id, patient_id, episode_id, any_value(plan_id) as plan_id
    from plans
    where episode_id is not null
    group by clinic_id, patient_id, episode_id
    having count(*) = 1
),

followed as (
    select
        sessions.clinic_id,
        sessions.patient_id,
        sessions.session_id,
        sessions.session_key,
        sessions.month,
        coalesce(sessions.plan_id, only_plans.plan_id) as plan_id
    from sessions
    left join only_plans using (clinic_id, patient_id, episode_id)
)

select followed.*
from followed
semi join plans using (clinic_id, patient_id, plan_id)
