with reports as (
    select * from {{ ref("adverse_event_reports") }}
),

sessions as (
    select * from {{ ref("sessions") }}
),

-- Reports of one case and term are one event: the last report holds.
latest as (
    select
        *,
        min(case when is_serious then occurred_at end) over same_event as serious_since
    from reports
    window same_event as (partition by clinic_id, patient_id, case_id, stated_term)
    qualify
        row_number() over (
            partition by clinic_id, patient_id, case_id, stated_term
            order by arrival_order desc
        ) = 1
)

select
    latest.clinic_id,
    latest.event_id,
    latest.patient_id,
    latest.case_id,
    latest.named_session_id,
    sessions.session_id,
    latest.term,
    latest.term_group,
    latest.asking_dependent,
    latest.severity,
    latest.is_serious,
    latest.serious_since,
    latest.onset_at,
    coalesce(sessions.local_date, latest.local_date) as local_date,
    coalesce(sessions.month, latest.month) as month,
    coalesce(sessions.ae_screen_method, 'unlinked') as ae_screen_method
from latest
left join sessions
    on
        latest.clinic_id = sessions.clinic_id
        and latest.patient_id = sessions.patient_id
        and latest.named_session_id = sessions.session_id
