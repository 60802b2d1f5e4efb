with rules as (
    select * from {{ ref("rules") }}
),

events as (
    select clinic_id, event_id, month from {{ ref("stg_events") }}
),

flagged as (
    select events.clinic_id, events.month, flags.code, count(*) as events
    from {{ ref("event_flags") }} as flags
    inner join events using (clinic_id, event_id)
    group by events.clinic_id, events.month, flags.code
),

judged as (
    select events.clinic_id, events.month, verdicts.code, count(*) as events_judged
    from {{ ref("warehouse_verdicts") }} as verdicts
    inner join events using (clinic_id, event_id)
    group by events.clinic_id, events.month, verdicts.code
)

select
    clinic_id,
    month,
    code,
    rules.decided_in,
    rules.severity,
    coalesce(flagged.events, 0) as events,
    judged.events_judged,
    coalesce(replace(rules.endangers, ';', '; '), 'none') as endangers,
    rules.title
from flagged
full outer join judged using (clinic_id, month, code)
left join rules using (code)
