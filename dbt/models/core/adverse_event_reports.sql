{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- What is said of cases: the reports, and what the follow-ups add to the reports of their case.
with reports as (
    select * from {{ current_events("stg_adverse_events") }}
),

follow_ups as (
    select * from {{ current_events("stg_follow_ups") }}
),

terms as (
    select clinic_id, patient_id, case_id, count(distinct coalesce(term, '')) as terms
    from reports
    group by clinic_id, patient_id, case_id
),

-- Of a case with several events a follow-up has to say which one it is about; where it does not, it is about each.
followed as (
    select distinct on (reports.clinic_id, reports.patient_id, reports.case_id, reports.term, follow_ups.event_id)
        reports.term as reported_term,
        follow_ups.*
    from follow_ups
    inner join reports using (clinic_id, patient_id, case_id)
    inner join terms using (clinic_id, patient_id, case_id)
    where terms.terms = 1 or coalesce(follow_ups.term = reports.term, true)
),

stated as (
    select
        clinic_id,
        event_id,
        patient_id,
        case_id,
        term as reported_term,
        term,
        session_id as named_session_id,
        severity,
        says_serious,
        seriousness_criteria,
        onset_at,
        causality,
        needle,
        point_code,
        region,
        side,
        technique,
        outcome,
        resolved_at,
        actions,
        reported_by,
        is_expected,
        false as is_follow_up,
        occurred_at,
        local_date,
        month,
        received_at,
        said_at,
        said_order
    from reports
    union all
    select
        clinic_id,
        event_id,
        patient_id,
        case_id,
        reported_term,
        term,
        session_id as named_session_id,
        severity,
        says_serious,
        seriousness_criteria,
        null as onset_at,
        causality,
        null as needle,
        null as point_code,
        null as region,
        null as side,
        null as technique,
        outcome,
        resolved_at,
        actions,
        null as reported_by,
        null as is_expected,
        true as is_follow_up,
        occurred_at,
        local_date,
        month,
        received_at,
        said_at,
        said_order
    from followed
),

terms_known as (
    select * from {{ ref("adverse_event_terms") }}
),

severities as (
    select * from {{ ref("severities") }}
),

names as (
    select * from {{ of_touched_patients("session_names") }}
)

select
    stated.*,
    names.session_id,
    coalesce(stated.says_serious, false)
    or coalesce(len(stated.seriousness_criteria), 0) > 0
    or coalesce(cast(terms_known.serious_by_nature as boolean), false)
    or coalesce(severities.ctcae_grade >= 4, false) as is_serious
from stated
left join terms_known on stated.term = terms_known.code
left join severities on stated.severity = severities.code
left join names
    on
        stated.clinic_id = names.clinic_id
        and stated.patient_id = names.patient_id
        and stated.named_session_id = names.name
