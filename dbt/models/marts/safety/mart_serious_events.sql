-- ICH E2A: what is serious is told within 15 days of first being known to be so.
with serious as (
    select * from {{ consenting("adverse_events", "quality_and_safety") }}
    where is_serious
),

sessions as (
    select clinic_id, patient_id, session_id, began_at from {{ ref("sessions") }}
),

criteria as (
    select list(code) as codes from {{ ref("seriousness_criteria") }}
),

causalities as (
    select code from {{ ref("causalities") }}
),

outcomes as (
    select code from {{ ref("ae_outcomes") }}
),

clocked as (
    select
        *,
        serious_since + interval 15 day as follow_up_due_at
    from serious
)

select
    clocked.clinic_id,
    clocked.event_id,
    clocked.term,
    clocked.is_positive_reaction,
    clocked.severity,
    list_sort(list_distinct(list_transform(
        clocked.seriousness_criteria,
        lambda criterion: if(list_contains(criteria.codes, criterion), criterion, 'unlisted')
    ))) as seriousness_criteria,
    if(clocked.causality is null, 'not_recorded', coalesce(causalities.code, 'unlisted')) as causality,
    if(clocked.outcome is null, 'not_recorded', coalesce(outcomes.code, 'unlisted')) as outcome,
    clocked.link,
    clocked.region,
    clocked.ae_screen_method,
    sessions.began_at as session_at,
    clocked.onset_at,
    clocked.reported_at,
    clocked.received_at,
    clocked.serious_since,
    clocked.follow_up_due_at,
    clocked.followed_up_at,
    clocked.resolved_at,
    date_diff('minute', coalesce(clocked.onset_at, sessions.began_at), clocked.reported_at) / 60.0
        as hours_to_first_report,
    date_diff('minute', clocked.reported_at, clocked.received_at) / 60.0 as hours_from_report_to_receipt,
    greatest(date_diff('day', clocked.serious_since, coalesce(clocked.followed_up_at, {{ as_of() }})), 0) as days_open,
    clocked.reports,
    clocked.follow_ups,
    case
        when clocked.followed_up_at <= clocked.follow_up_due_at then 'followed_up'
        when clocked.followed_up_at is not null then 'followed_up_late'
        when clocked.follow_up_due_at <= {{ as_of() }} then 'overdue'
        else 'awaited'
    end as status
from clocked
cross join criteria
left join sessions using (clinic_id, patient_id, session_id)
left join causalities on clocked.causality = causalities.code
left join outcomes on clocked.outcome = outcomes.code
