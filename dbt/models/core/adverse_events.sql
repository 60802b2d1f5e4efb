with reports as (
    select * from {{ ref("stg_adverse_events") }}
),

sessions as (
    select * from {{ ref("sessions") }}
),

terms as (
    select * from {{ ref("adverse_event_terms") }}
),

severities as (
    select * from {{ ref("severities") }}
),

-- Reports of one case and term are one event: the last report holds.
latest as (
    select *
    from reports
    qualify
        row_number() over (
            partition by clinic_id, patient_id, case_id, term
            order by arrival_order desc
        ) = 1
)

select
    latest.clinic_id,
    latest.event_id,
    latest.patient_id,
    sessions.session_id,
    coalesce(terms.code, 'unlisted') as term,
    coalesce(terms."group", 'unlisted') as term_group,
    coalesce(cast(terms.asking_dependent as boolean), true) as asking_dependent,
    coalesce(severities.code, 'not_recorded') as severity,
    coalesce(latest.says_serious, false)
    or coalesce(latest.meets_criterion, false)
    or coalesce(cast(terms.serious_by_nature as boolean), false)
    or coalesce(severities.ctcae_grade >= 4, false) as is_serious,
    coalesce(sessions.local_date, latest.local_date) as local_date,
    coalesce(sessions.month, latest.month) as month,
    coalesce(sessions.ae_screen_method, 'unlinked') as ae_screen_method
from latest
left join sessions
    on
        latest.clinic_id = sessions.clinic_id
        and latest.patient_id = sessions.patient_id
        and latest.session_id = sessions.session_id
left join terms on latest.term = terms.code
left join severities on latest.severity = severities.code
