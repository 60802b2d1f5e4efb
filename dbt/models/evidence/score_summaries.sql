{%- set cell = ["instrument", "stratifier", "stratum", "landmark"] -%}
-- Whoever is not scored yet, because it is too early, is in no denominator; whoever is lost is.
with due as (
    select * from {{ ref("landmark_scores") }}
    where is_due
),

early as (
    select instrument, stratifier, stratum, landmark, count(*) as patients_too_early
    from {{ ref("landmark_scores") }}
    where not is_due
    group by instrument, stratifier, stratum, landmark
),

by_patient as (
    select
        *,
        cast(is_reached as integer) as patients_reached,
        cast(value is not null as integer) as patients_scored
    from due
),

counted as (
    {{ counted_by_cell("by_patient", cell, ["patients_reached", "patients_scored"]) | indent(4) }}
),

described as (
    select
        instrument,
        stratifier,
        stratum,
        landmark,
        any_value(design) as design,
        avg(baseline) as baseline_mean_of_all,
        avg(baseline) filter (where value is not null) as baseline_mean,
        avg(value) as mean,
        stddev_samp(value) as sd,
        quantile_cont(value, [0.25, 0.5, 0.75]) as quartiles,
        avg(value - baseline) as mean_change,
        stddev_samp(value - baseline) as change_sd
    from due
    group by instrument, stratifier, stratum, landmark
),

changes as (
    select *, value - baseline as change, 1 as scores from due
    where value is not null
),

clustered as (
    {{ clustered_squares("changes", cell, "change", "scores", "practitioner", "patient") | indent(4) }}  -- noqa: PRS
),

limited as (
    select
        instrument,
        stratifier,
        stratum,
        landmark,
        practitioners,
        {{ clustered_limit("mean", "low") }} as mean_change_low,
        {{ clustered_limit("mean", "high") }} as mean_change_high
    from clustered
)

select
    described.*,
    counted.patients,
    cast(counted.patients_reached as bigint) as patients_reached,
    cast(counted.patients_scored as bigint) as patients_scored,
    counted.patients_scored / counted.patients as completion_share,
    coalesce(early.patients_too_early, 0) as patients_too_early,
    coalesce(limited.practitioners, 0) as practitioners,
    limited.mean_change_low,
    limited.mean_change_high,
    counted.clinics,
    counted.largest_clinic_share
from described
inner join counted using (instrument, stratifier, stratum, landmark)
left join limited using (instrument, stratifier, stratum, landmark)
left join early using (instrument, stratifier, stratum, landmark)
