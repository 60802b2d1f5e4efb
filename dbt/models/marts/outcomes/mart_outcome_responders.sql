with counts as (
    select * from {{ ref("responder_counts") }}
),

limits as (
    select * from {{ ref("responder_limits") }}
),

instruments as (
    select * from {{ ref("outcome_instruments") }}
)

select
    counts.instrument,
    counts.stratifier,
    counts.stratum,
    counts.month,
    instruments.domain,
    instruments.responder_rule,
    instruments.responder_threshold,
    counts.design,
    counts.patients_with_baseline,
    counts.patients_at_floor,
    counts.patients,
    counts.patients_scored,
    counts.patients_scored / nullif(counts.patients, 0) as completion_share,
    counts.responders,
    counts.responders / nullif(counts.patients, 0) as share_of_all,
    of_all.share_low as share_of_all_low,
    of_all.share_high as share_of_all_high,
    {{ clopper_pearson("counts.responders", "counts.patients", "low") }} as share_of_all_counting_error_only_low,
    {{ clopper_pearson("counts.responders", "counts.patients", "high") }} as share_of_all_counting_error_only_high,
    counts.responders / nullif(counts.patients_scored, 0) as share_of_scored,
    of_scored.share_low as share_of_scored_low,
    of_scored.share_high as share_of_scored_high,
    {{ clopper_pearson("counts.responders", "counts.patients_scored", "low") }}
        as share_of_scored_counting_error_only_low,
    {{ clopper_pearson("counts.responders", "counts.patients_scored", "high") }}
        as share_of_scored_counting_error_only_high,
    counts.responders_at_best,
    counts.responders_at_best / nullif(counts.patients, 0) as best_case_share,
    {{ clopper_pearson("counts.responders_at_best", "counts.patients", "low") }}
        as best_case_counting_error_only_low,
    {{ clopper_pearson("counts.responders_at_best", "counts.patients", "high") }}
        as best_case_counting_error_only_high,
    counts.responders / nullif(counts.patients, 0) as worst_case_share,
    {{ clopper_pearson("counts.responders", "counts.patients", "low") }} as worst_case_counting_error_only_low,
    {{ clopper_pearson("counts.responders", "counts.patients", "high") }} as worst_case_counting_error_only_high,
    coalesce(of_all.practitioners, 0) as practitioners,
    counts.clinics,
    counts.largest_clinic_share
from counts
inner join instruments on counts.instrument = instruments.code
left join limits as of_all
    on
        counts.instrument = of_all.instrument
        and counts.stratifier = of_all.stratifier
        and counts.stratum = of_all.stratum
        and counts.month = of_all.month
        and of_all.denominator = 'all'
left join limits as of_scored
    on
        counts.instrument = of_scored.instrument
        and counts.stratifier = of_scored.stratifier
        and counts.stratum = of_scored.stratum
        and counts.month = of_scored.month
        and of_scored.denominator = 'scored'
