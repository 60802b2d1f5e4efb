with episodes as (
    select * from {{ ref("treated_episodes") }}
),

by_patient as (
    select
        condition_group,
        care_intent,
        clinic_id,
        patient_key,
        count(*) as episodes,
        sum(sessions) as sessions,
        count(sessions_per_episode) as episodes_ended,
        cast(count(sessions_per_episode) > 0 as integer) as patients_with_episode_ended,
        count(days_between_sessions) as episodes_with_interval,
        cast(count(days_between_sessions) > 0 as integer) as patients_with_interval
    from episodes
    group by condition_group, care_intent, clinic_id, patient_key
),

counted as (
    {{ counted_by_cell("by_patient", ["condition_group", "care_intent"], [
        "episodes", "sessions", "episodes_ended", "patients_with_episode_ended", "episodes_with_interval",
        "patients_with_interval",
    ]) | indent(4) }}
),

in_groups as (
    select distinct condition_group, clinic_id, patient_key from by_patient
),

condition_groups as (
    {{ counted_by_cell("in_groups", ["condition_group"], [], "group_") | indent(4) }}
),

spread as (
    select
        condition_group,
        care_intent,
        quantile_cont(sessions_per_episode, [0.25, 0.5, 0.75]) as sessions_per_episode,
        quantile_cont(days_between_sessions, [0.25, 0.5, 0.75]) as days_between_sessions
    from episodes
    group by condition_group, care_intent
)

select
    counted.condition_group,
    counted.care_intent,
    condition_groups.patients,
    counted.patients as patients_with_intent,
    counted.patients / condition_groups.patients as patient_share,
    cast(counted.episodes as bigint) as episodes,
    cast(counted.sessions as bigint) as sessions,
    cast(counted.episodes_ended as bigint) as episodes_ended,
    cast(counted.patients_with_episode_ended as bigint) as patients_with_episode_ended,
    spread.sessions_per_episode[1] as sessions_per_episode_lower_quartile,
    spread.sessions_per_episode[2] as sessions_per_episode_median,
    spread.sessions_per_episode[3] as sessions_per_episode_upper_quartile,
    cast(counted.episodes_with_interval as bigint) as episodes_with_interval,
    cast(counted.patients_with_interval as bigint) as patients_with_interval,
    spread.days_between_sessions[1] as days_between_sessions_lower_quartile,
    spread.days_between_sessions[2] as days_between_sessions_median,
    spread.days_between_sessions[3] as days_between_sessions_upper_quartile,
    counted.clinics,
    counted.largest_clinic_share,
    condition_groups.group_clinics,
    condition_groups.group_largest_clinic_share
from counted
inner join condition_groups using (condition_group)
inner join spread using (condition_group, care_intent)
