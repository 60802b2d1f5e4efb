{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- What is said of cases: the reports, and what the follow-ups add to the reports of their case.
with reports as (
    select * from {{ current_events("stg_adverse_events") }}
),

follow_ups as (
    select * from {{ current_events("stg_follow_ups") }}
),

terms as (
    select * from {{ ref("adverse_event_terms") }}
),

severities as (
    select * from {{ ref("severities") }}
),

names as (
    select * from {{ of_touched_patients("session_names") }}
),

cases as (
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
    inner join cases using (clinic_id, patient_id, case_id)
    where cases.terms = 1 or coalesce(follow_ups.term = reports.term, true)
),

-- By name: what only a report can say is NULL of a follow-up.
stated as (
    select * exclude (practitioner_id), term as reported_term, false as is_follow_up from reports
    union all by name
    select *, true as is_follow_up from followed
)

select
    stated.* exclude (session_id),
    stated.session_id as named_session_id,
    names.session_id,
    {{ is_serious("stated") }} as is_serious
from stated
left join terms on stated.term = terms.code
left join severities on stated.severity = severities.code
left join names
    on
        stated.clinic_id = names.clinic_id
        and stated.patient_id = names.patient_id
        and stated.session_id = names.name
