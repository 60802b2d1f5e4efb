with scores as (
    select * from {{ ref("outcomes") }}
),

baselines as (
    select
        scores.clinic_id,
        scores.recorded_on as day,
        scores.recorded_at + interval 4 month <= {{ as_of() }} as is_settled,
        exists(
            select 1 from scores as later
            where
                later.clinic_id = scores.clinic_id
                and later.patient_id = scores.patient_id
                and later.instrument = scores.instrument
                and later.month between 2 and 4
        ) as is_followed_up
    from scores
    where scores.month = 0
)

select
    clinic_id,
    day,
    'follow_up_missing' as check_id,
    count(*) filter (where not is_followed_up) as numerator,
    count(*) as denominator,
    bool_and(is_settled) as is_settled
from baselines
group by clinic_id, day
