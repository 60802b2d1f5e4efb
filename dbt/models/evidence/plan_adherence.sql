with plans as (
    select * from {{ consenting("plan_versions", "benchmarking") }}
    where {{ is_closed("valid_from") }}
),

planned as (
    select * from {{ ref("planned_care") }}
),

done as (
    select * from {{ ref("plans_carried_out") }}
),

episodes as (
    select clinic_id, patient_id, episode_id, closed_on from {{ ref("episodes") }}
),

conditions as (
    select * from {{ ref("condition_periods") }}
),

compared as (
    select *, 'first' as plan_version from plans
    where version = 1
    union all
    select *, 'latest' as plan_version from plans
    qualify row_number() over (partition by clinic_id, patient_id, plan_id order by version desc) = 1
),

beside as (
    select
        compared.*,
        done.sessions as sessions_held,
        coalesce(done.condition_group, conditions.condition_group, 'not_recorded') as condition_group,
        done.points as points_used,
        len(list_intersect(coalesce(planned.points, []), done.points)) as points_in_both,
        done.sessions_per_week as sessions_per_week_done,
        done.technique_set as techniques_used,
        nullif(planned.technique_set, 0) as techniques_planned,
        {{ has_ended("episodes.closed_on", "coalesce(done.last_session_on, compared.valid_from)") }} as has_ended
    from compared
    left join planned using (clinic_id, patient_id, plan_id, version)
    left join episodes using (clinic_id, patient_id, episode_id)
    left join done on {{ patient_key("compared") }} = done.patient_key and compared.plan_id = done.plan_id
    left join conditions
        on
            compared.clinic_id = conditions.clinic_id
            and compared.patient_id = conditions.patient_id
            and compared.valid_from >= conditions.valid_from
            and compared.valid_from < conditions.valid_until
)

select
    clinic_id,
    patient_id,
    plan_id,
    plan_version,
    condition_group,
    has_ended,
    if(has_ended, planned_sessions, null) as sessions_planned,
    if(has_ended and planned_sessions is not null, coalesce(sessions_held, 0), null) as sessions_done,
    if(sessions_per_week_done is not null, sessions_per_week, null) as sessions_per_week_planned,
    if(sessions_per_week is not null, sessions_per_week_done, null) as sessions_per_week_done,
    if(len(points_used) > 0, points_in_both / nullif(len(list_distinct(points)), 0), null)
        as planned_points_used_share,
    if(len(points) > 0, points_in_both / nullif(len(points_used), 0), null) as used_points_planned_share,
    if(sessions_held > 0, bit_count(techniques_planned & techniques_used) / bit_count(techniques_planned), null)
        as planned_techniques_used_share
from beside
