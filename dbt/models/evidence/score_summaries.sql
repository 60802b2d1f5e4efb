{%- set counts = ["patients", "patients_too_early", "patients_reached", "patients_scored"] -%}
-- Whoever is not scored yet, because it is too early, is in no denominator; whoever is lost is.
with by_clinic as (
    select
        instrument,
        stratifier,
        stratum,
        landmark,
        clinic_id,
        any_value(design) as design,
        {%- for column in counts %}
            cast(sum({{ column }}) as bigint) as {{ column }},
        {%- endfor %}
        sum(baseline_sum) as baseline_sum
    from {{ ref("landmark_counts") }}
    group by instrument, stratifier, stratum, landmark, clinic_id
),

counted as (
    select
        instrument,
        stratifier,
        stratum,
        landmark,
        any_value(design) as design,
        {%- for column in counts %}
            cast(sum({{ column }}) as bigint) as {{ column }},
        {%- endfor %}
        sum(baseline_sum) as baseline_sum,
        {{ clinics_behind("patients") | indent(8) }}
    from by_clinic
    group by instrument, stratifier, stratum, landmark
    having sum(patients) > 0
),

spreads as (
    select * from {{ ref("score_spreads") }}
),

limits as (
    select * from {{ ref("change_limits") }}
)

select
    counted.instrument,
    counted.stratifier,
    counted.stratum,
    counted.landmark,
    counted.design,
    counted.baseline_sum / counted.patients as baseline_mean_of_all,
    spreads.baseline_mean,
    spreads.mean,
    spreads.sd,
    spreads.quartiles,
    spreads.mean_change,
    spreads.change_sd,
    counted.patients,
    counted.patients_reached,
    counted.patients_scored,
    counted.patients_scored / counted.patients as completion_share,
    counted.patients_too_early,
    coalesce(limits.practitioners, 0) as practitioners,
    limits.mean_change_low,
    limits.mean_change_high,
    counted.clinics,
    counted.largest_clinic_share
from counted
left join spreads using (instrument, stratifier, stratum, landmark)
left join limits using (instrument, stratifier, stratum, landmark)
