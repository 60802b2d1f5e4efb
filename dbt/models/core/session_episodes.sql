{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- Which episode of care a session belongs to: the one that it, or the plan that it follows, names. Sessions that name
-- none are one episode for as long as no more than {{ episode_gap_days() }} days lie between two of them.
with sessions as (
    select * from {{ current_events("stg_sessions") }}
),

plans as (
    select clinic_id, patient_id, plan_id, max_by(episode_id, said_order) as episode_id
    from {{ current_events("stg_plans") }}
    where episode_id is not null
    group by clinic_id, patient_id, plan_id
),

named as (
    select
        sessions.clinic_id,
        sessions.patient_id,
        sessions.event_id,
        sessions.month,
        sessions.occurred_at,
        sessions.local_date,
        coalesce(sessions.episode_id, plans.episode_id) as episode_id
    from sessions
    left join plans using (clinic_id, patient_id, plan_id)
),

spaced as (
    select
        *,
        local_date - lag(local_date) over sequence as days_since_previous
    from named
    window sequence as (partition by clinic_id, patient_id, episode_id is null order by occurred_at, event_id)
),

grouped as (
    select
        *,
        count(*) filter (where episode_id is null and days_since_previous > {{ episode_gap_days() }}) over (
            partition by clinic_id, patient_id
            order by occurred_at, event_id
        ) as gaps
    from spaced
)

select
    clinic_id,
    patient_id,
    event_id,
    month,
    coalesce(episode_id, concat('unnamed-', gaps + 1)) as episode_id,
    episode_id is not null as is_named
from grouped
