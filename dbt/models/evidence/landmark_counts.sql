-- What is counted of patients of one profile and practitioner is counted once, for all the strata that they are in.
with scores as (
    select * from {{ ref("landmark_scores") }}
),

counted as (
    select
        instrument,
        landmark,
        profile,
        clinic_id,
        practitioner_key,
        count(*) filter (where is_due) as patients,
        count(*) filter (where not is_due) as patients_too_early,
        count(*) filter (where is_due and is_reached) as patients_reached,
        count(*) filter (where is_due and value is not null) as patients_scored,
        sum(baseline) filter (where is_due) as baseline_sum,
        sum(value - baseline) filter (where is_due) as change_sum,
        count(*) filter (where is_due and is_at_floor) as patients_at_floor,
        count(*) filter (where is_due and not is_at_floor) as patients_with_room,
        count(*) filter (where is_due and not is_at_floor and value is not null) as patients_with_room_scored,
        count(*) filter (where is_due and not is_at_floor and is_responder) as responders
    from scores
    group by instrument, landmark, profile, clinic_id, practitioner_key
),

profiles as (
    select * from {{ ref("outcome_profiles") }}
)

select
    counted.instrument,
    profiles.stratifier,
    profiles.stratum,
    counted.landmark,
    counted.clinic_id,
    counted.practitioner_key,
    any_value(profiles.design) as design,
    cast(sum(counted.patients) as bigint) as patients,
    cast(sum(counted.patients_too_early) as bigint) as patients_too_early,
    cast(sum(counted.patients_reached) as bigint) as patients_reached,
    cast(sum(counted.patients_scored) as bigint) as patients_scored,
    sum(counted.baseline_sum) as baseline_sum,
    sum(counted.change_sum) as change_sum,
    cast(sum(counted.patients_at_floor) as bigint) as patients_at_floor,
    cast(sum(counted.patients_with_room) as bigint) as patients_with_room,
    cast(sum(counted.patients_with_room_scored) as bigint) as patients_with_room_scored,
    cast(sum(counted.responders) as bigint) as responders
from counted
inner join profiles using (profile)
group by
    counted.instrument, profiles.stratifier, profiles.stratum, counted.landmark, counted.clinic_id,
    counted.practitioner_key
