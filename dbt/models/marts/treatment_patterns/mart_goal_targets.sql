with targets as (
    select * from {{ ref("goal_target_scores") }}
),

by_patient as (
    select
        goal,
        instrument,
        clinic_id,
        patient_id,
        cast(is_measurable as integer) as patients_with_measurable_target,
        cast(is_measurable and score is not null as integer) as patients_scored,
        cast(coalesce(is_measurable and is_reached, false) as integer) as patients_who_reached_it
    from targets
),

counted as (
    {{ counted_by_cell("by_patient", ["goal", "instrument"], [
        "patients_with_measurable_target", "patients_scored", "patients_who_reached_it",
    ]) | indent(4) }}
)

select
    goal,
    instrument,
    patients,
    cast(patients_with_measurable_target as bigint) as patients_with_measurable_target,
    cast(patients_scored as bigint) as patients_scored,
    cast(patients_who_reached_it as bigint) as patients_who_reached_it,
    patients_scored / nullif(patients_with_measurable_target, 0) as completion_share,
    patients_who_reached_it / nullif(patients_with_measurable_target, 0) as reached_share_of_all,
    patients_who_reached_it / nullif(patients_scored, 0) as reached_share_of_scored,
    clinics,
    largest_clinic_share
from counted
