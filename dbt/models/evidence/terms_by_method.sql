-- For comparison with surveys that count one term: over the sessions of the network whose window is over.
with events as (
    select * from {{ ref("counted_adverse_events") }}
    where is_ascertained
),

sessions as (
    select session_key, needles from {{ ref("ascertained_sessions") }}
    where is_ascertained
),

joined as (
    select events.*, sessions.needles
    from events
    inner join sessions using (session_key)
),

by_method as (
    select asking, ae_screen_method, term, session_key, patient_key, needles from joined
    union all
    select asking, 'all' as ae_screen_method, term, session_key, patient_key, needles from joined
),

counted as (
    select
        asking,
        ae_screen_method,
        term,
        count(*) as events_per_session,
        count(distinct session_key) as share_of_sessions_with_event,
        count(distinct patient_key) as share_of_patients_with_event,
        count(*) filter (where needles is not null) as events_per_needle,
        count(distinct patient_key) as patients_with_event
    from by_method
    where asking = 'asked' or ae_screen_method = 'spontaneous'
    group by asking, ae_screen_method, term
)

select asking, ae_screen_method, term, measure, events, patients_with_event
from counted
unpivot (
    events for measure in (
        events_per_session, share_of_sessions_with_event, share_of_patients_with_event, events_per_needle
    )
)
