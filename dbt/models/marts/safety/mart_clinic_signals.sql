with criteria as (
    select * from {{ ref("signal_criteria") }}
),

clinics as (
    select * from {{ ref("clinics") }}
),

evidence as (
    select * from {{ ref("rate_evidence") }}
    union all
    select * from {{ ref("silence_evidence") }}
    union all
    select * from {{ ref("count_evidence") }}
)

-- Every clinic is held against every criterion, whether it has sent anything or not.
select
    criteria.signal,
    clinics.clinic_id,
    coalesce(evidence.is_found, false) as found,
    evidence.observed,
    evidence.expected,
    evidence.ratio,
    evidence.ratio_low,
    evidence.ratio_high,
    cast(criteria.threshold as double) as threshold,
    coalesce(evidence.detail, 'nothing to go by') as detail,
    case
        when evidence.is_found then 'found'
        when evidence.is_evaluated then 'not_found'
        else 'not_evaluated'
    end as status
from criteria
cross join clinics
left join evidence on criteria.signal = evidence.signal and clinics.clinic_id = evidence.clinic_id
