{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- Which episode of care a session belongs to: the one that it, or the plan that it names, states. Sessions without one
-- are one episode for as long as no more than {{ episode_gap_days() }} days lie between two of them. And which plan it
-- follows: the one that it names; if it names none, the only plan of its episode.
with stated as (
    select
        clinic_id,
        patient_id,
        event_id,
        session_id,
        episode_id,
        plan_id,
        month,
        occurred_at,
        local_date,
        said_order
    from {{ current_events("stg_sessions") }}
),

-- A session that is stated again, under another event id, is still one session: the last statement holds.
sessions as (
    select *
    from stated
    qualify
        row_number() over (
            partition by clinic_id, patient_id, session_id
            order by said_order desc
        ) = 1
),

plans as (
    select
        clinic_id,
        patient_id,
        plan_id,
        max_by(episode_id, said_order) filter (where episode_id is not null) as episode_id
    from {{ current_events("stg_plans") }}
    where plan_id is not null
    group by clinic_id, patient_id, plan_id
),

only_plans as (
    select clinic_id, patient_id, episode_id, any_value(plan_id) as plan_id
    from plans
    where episode_id is not null
    group by clinic_id, patient_id, episode_id
    having count(*) = 1
),

named as (
    select
        sessions.* exclude (session_id, said_order, episode_id),
        plans.plan_id as known_plan_id,
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
    grouped.clinic_id,
    grouped.patient_id,
    grouped.event_id,
    grouped.month,
    grouped.occurred_at,
    grouped.local_date,
    coalesce(grouped.episode_id, concat('unnamed-', grouped.gaps + 1)) as episode_id,
    if(grouped.plan_id is null, only_plans.plan_id, grouped.known_plan_id) as plan_id
from grouped
left join only_plans using (clinic_id, patient_id, episode_id)
