with plans as (
    select * from {{ ref("plan_adherence") }}
),

by_patient as (
    select
        condition_group,
        plan_version,
        clinic_id,
        patient_id,
        count(*) as plans,
        count(*) filter (where has_ended) as plans_ended,
        count(sessions_planned) as plans_with_sessions_planned,
        sum(sessions_planned) as sessions_planned,
        sum(sessions_done) as sessions_done,
        count(*) filter (where sessions_done >= sessions_planned) as plans_completed,
        count(sessions_per_week_planned) as plans_with_frequency,
        sum(sessions_per_week_planned) as sessions_per_week_planned,
        sum(sessions_per_week_done) as sessions_per_week_done,
        count(planned_points_used_share) as plans_with_points,
        sum(planned_points_used_share) as planned_points_used_share,
        sum(used_points_planned_share) as used_points_planned_share,
        count(planned_techniques_used_share) as plans_with_techniques,
        sum(planned_techniques_used_share) as planned_techniques_used_share
    from plans
    group by condition_group, plan_version, clinic_id, patient_id
),

flagged as (
    select
        *,
        cast(plans_ended > 0 as integer) as patients_ended,
        cast(plans_with_sessions_planned > 0 as integer) as patients_with_sessions_planned,
        cast(plans_completed > 0 as integer) as patients_completed,
        cast(plans_with_frequency > 0 as integer) as patients_with_frequency,
        cast(plans_with_points > 0 as integer) as patients_with_points,
        cast(plans_with_techniques > 0 as integer) as patients_with_techniques
    from by_patient
),

counted as (
    {{ counted_by_cell("flagged", ["condition_group", "plan_version"], [
        "plans", "plans_ended", "plans_with_sessions_planned", "plans_completed", "plans_with_frequency",
        "plans_with_points", "plans_with_techniques", "sessions_planned", "sessions_done",
        "sessions_per_week_planned", "sessions_per_week_done", "planned_points_used_share",
        "used_points_planned_share", "planned_techniques_used_share", "patients_ended",
        "patients_with_sessions_planned", "patients_completed", "patients_with_frequency", "patients_with_points",
        "patients_with_techniques",
    ]) | indent(4) }}
)

select
    condition_group,
    plan_version,
    patients,
    cast(plans as bigint) as plans,
    cast(plans_ended as bigint) as plans_ended,
    cast(patients_ended as bigint) as patients_ended,
    cast(plans_with_sessions_planned as bigint) as plans_with_sessions_planned,
    cast(patients_with_sessions_planned as bigint) as patients_with_sessions_planned,
    cast(plans_completed as bigint) as plans_completed,
    cast(patients_completed as bigint) as patients_completed,
    cast(plans_with_frequency as bigint) as plans_with_frequency,
    cast(patients_with_frequency as bigint) as patients_with_frequency,
    cast(plans_with_points as bigint) as plans_with_points,
    cast(patients_with_points as bigint) as patients_with_points,
    cast(plans_with_techniques as bigint) as plans_with_techniques,
    cast(patients_with_techniques as bigint) as patients_with_techniques,
    cast(sessions_planned as bigint) as sessions_planned,
    cast(sessions_done as bigint) as sessions_done,
    sessions_done / nullif(sessions_planned, 0) as sessions_done_share,
    plans_completed / nullif(plans_with_sessions_planned, 0) as plans_completed_share,
    sessions_per_week_planned / nullif(plans_with_frequency, 0) as sessions_per_week_planned_mean,
    sessions_per_week_done / nullif(plans_with_frequency, 0) as sessions_per_week_done_mean,
    planned_points_used_share / nullif(plans_with_points, 0) as planned_points_used_share_mean,
    used_points_planned_share / nullif(plans_with_points, 0) as used_points_planned_share_mean,
    planned_techniques_used_share / nullif(plans_with_techniques, 0) as planned_techniques_used_share_mean,
    clinics,
    largest_clinic_share
from counted
