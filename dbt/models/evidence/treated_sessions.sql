with sessions as (
    select * from {{ consenting("sessions", "benchmarking") }}
    where {{ is_closed("local_date") }}
),

needling as (
    select * from {{ ref("session_needling") }}
),

periods as (
    select
        {{ patient_key("patterns") }} as patient_key,
        valid_from,
        valid_until,
        list(pattern order by pattern) as patterns
    from {{ ref("pattern_periods") }} as patterns
    group by clinic_id, patient_id, valid_from, valid_until
),

styles as (
    select code from {{ ref("styles") }}
)

select
    sessions.session_key,
    sessions.patient_key,
    sessions.clinic_id,
    sessions.episode_id,
    sessions.followed_plan_id as plan_id,
    sessions.local_date,
    sessions.session_number,
    sessions.condition_group,
    coalesce(periods.patterns, ['not_recorded']) as patterns,
    coalesce(styles.code, if(sessions.style is null, 'not_recorded', 'unlisted')) as style,
    sessions.needles,
    sessions.retention_min,
    sessions.needle_minutes,
    sessions.conventional_care_contact,
    sessions.technique_set,
    coalesce(needling.points, []) as points,
    needling.stimulations_said,
    needling.needles_unstimulated,
    needling.needles_stimulated_by_hand,
    needling.needles_stimulated_electrically,
    needling.needles_warmed
from sessions
left join needling using (session_key)
left join periods
    on
        sessions.patient_key = periods.patient_key
        and sessions.local_date >= periods.valid_from
        and sessions.local_date < periods.valid_until
left join styles on sessions.style = styles.code
