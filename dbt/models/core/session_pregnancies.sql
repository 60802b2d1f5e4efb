{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- What the patient's latest assessment as of the session's day says, of those that say something.
with sessions as (
    select * from {{ of_touched_patients("sessions") }}
),

statements as (
    select
        *,
        coalesce(pregnant, list_contains(risk_factors, 'pregnancy') or null) as says_pregnant,
        -- No pregnancy goes on beyond its 42nd week.
        local_date + cast(7 * (42 - least(coalesce(gestation_weeks, 0), 42)) as integer) as holds_until
    from {{ current_events("stg_assessments") }}
)

select
    sessions.clinic_id,
    sessions.patient_id,
    sessions.event_id,
    statements.says_pregnant and sessions.local_date <= statements.holds_until as is_pregnant
from sessions
inner join statements
    on
        sessions.clinic_id = statements.clinic_id
        and sessions.patient_id = statements.patient_id
        and sessions.local_date >= statements.local_date
where statements.says_pregnant is not null
qualify
    row_number() over (
        partition by sessions.clinic_id, sessions.event_id
        order by statements.occurred_at desc, statements.said_order desc
    ) = 1
