with changes as (
    select * from {{ ref("study_outcome_changes") }}
),

by_patient as (
    select
        *,
        cast(is_responder as integer) as responders
    from changes
),

counted as (
    {{ counted_by_cell("by_patient", ["study", "arm", "instrument", "month"], ["responders"]) | indent(4) }}
),

described as (
    select
        study,
        arm,
        instrument,
        month,
        any_value(design) as design,
        avg(value) as mean,
        stddev_samp(value) as sd,
        avg(baseline) as baseline_mean,
        stddev_samp(baseline) as baseline_sd
    from changes
    group by study, arm, instrument, month
),

-- At month 0 every patient with a baseline counts.
at_baseline as (
    select study, arm, instrument, patients as patients_with_baseline from counted
    where month = 0
)

select
    counted.study,
    counted.arm,
    counted.instrument,
    counted.month,
    counted.patients as n,
    described.mean,
    described.sd,
    described.baseline_mean,
    described.baseline_sd,
    cast(counted.responders as bigint) as responders,
    counted.responders / counted.patients as responder_share,
    described.design,
    at_baseline.patients_with_baseline,
    counted.patients / at_baseline.patients_with_baseline as completion_share,
    counted.clinics,
    counted.largest_clinic_share
from counted
inner join described using (study, arm, instrument, month)
inner join at_baseline using (study, arm, instrument)
