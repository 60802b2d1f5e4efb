with checks as (
    select * from {{ ref("quality_checks") }}
),

silence as (
    select * from {{ ref("silence_evidence") }}
    where is_evaluated
),

counted as (
    select *, true as is_settled from {{ ref("message_checks") }}
    union all
    select *, true as is_settled from {{ ref("lateness_checks") }}
    union all
    select *, true as is_settled from {{ ref("session_checks") }}
    union all
    select *, true as is_settled from {{ ref("link_checks") }}
    union all
    select * from {{ ref("baseline_checks") }}
    union all
    select * from {{ ref("follow_up_checks") }}
    union all
    select
        clinic_id,
        cast({{ as_of() }} as date) as day,
        'silence' as check_id,
        cast(is_found as integer) as numerator,
        1 as denominator,
        true as is_settled
    from silence
)

select
    counted.clinic_id,
    counted.day,
    counted.check_id,
    cast(counted.numerator as double) as numerator,
    cast(counted.denominator as double) as denominator,
    cast(checks.threshold as double) as threshold,
    case
        when counted.numerator is null or counted.denominator is null or checks.threshold is null then 'error'
        when not counted.is_settled then 'too_early'
        when counted.denominator = 0 then 'not_applicable'
        when counted.numerator = 0 then 'pass'
        when counted.numerator / counted.denominator <= checks.threshold then 'pass_with_violations'
        else 'fail'
    end as status,
    checks.severity,
    checks.endangers
from counted
left join checks using (check_id)
