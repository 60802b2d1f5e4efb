with stated as (
    select * from {{ ref("stg_adverse_events") }}
),

terms as (
    select * from {{ ref("adverse_event_terms") }}
),

severities as (
    select * from {{ ref("severities") }}
)

select
    stated.clinic_id,
    stated.event_id,
    stated.patient_id,
    stated.case_id,
    stated.session_id as named_session_id,
    stated.term as stated_term,
    coalesce(terms.code, 'unlisted') as term,
    coalesce(terms."group", 'unlisted') as term_group,
    coalesce(cast(terms.asking_dependent as boolean), true) as asking_dependent,
    coalesce(severities.code, 'not_recorded') as severity,
    coalesce(stated.says_serious, false)
    or coalesce(stated.meets_criterion, false)
    or coalesce(cast(terms.serious_by_nature as boolean), false)
    or coalesce(severities.ctcae_grade >= 4, false) as is_serious,
    stated.onset_at,
    stated.occurred_at,
    stated.local_date,
    stated.month,
    stated.arrival_order
from stated
left join terms on stated.term = terms.code
left join severities on stated.severity = severities.code
