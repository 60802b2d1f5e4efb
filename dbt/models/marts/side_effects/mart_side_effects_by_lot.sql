-- Lots are told by clinics' own texts, of which only those are repeated that a clinic has recorded as received or
-- called back; and to officers alone, who must be able to ask for a recall before three clinics have the lot.
with lots as (
    select session_key, lot, manufacturer, recall_known_at from {{ ref("session_lots") }}
),

asked as (
    select session_key, patient_key, clinic_id, events from {{ ref("ascertained_sessions") }}
    where is_ascertained and asking = 'asked'
),

events as (
    select session_key, term, count(*) as events
    from {{ ref("counted_adverse_events") }}
    where is_ascertained and asking = 'asked'
    group by session_key, term
    union all
    select session_key, 'all' as term, events from asked
    where events > 0
),

used as (
    select lots.lot, lots.manufacturer, lots.recall_known_at, asked.*
    from lots
    inner join asked using (session_key)
),

patients as (
    select lot, manufacturer, clinic_id, patient_key, count(*) as sessions, min(recall_known_at) as recall_known_at
    from used
    group by lot, manufacturer, clinic_id, patient_key
),

exposed as (
    select
        lot,
        manufacturer,
        cast(sum(sessions) as bigint) as sessions_exposed,
        count(*) as patients_exposed,
        count(distinct clinic_id) as clinics,
        min(recall_known_at) as recall_known_at
    from patients
    group by lot, manufacturer
),

with_event as (
    select
        used.lot,
        used.manufacturer,
        events.term,
        cast(sum(events.events) as bigint) as events,
        count(*) as sessions_with_event,
        count(distinct used.patient_key) as patients_with_event
    from used
    inner join events using (session_key)
    group by used.lot, used.manufacturer, events.term
),

terms as (
    select 'all' as term
    union
    select term from with_event
)

select
    exposed.lot,
    exposed.manufacturer,
    terms.term,
    coalesce(with_event.events, 0) as events,
    coalesce(with_event.sessions_with_event, 0) as sessions_with_event,
    coalesce(with_event.patients_with_event, 0) as patients_with_event,
    exposed.sessions_exposed,
    exposed.patients_exposed,
    exposed.clinics,
    exposed.recall_known_at,
    {{ rate_per_1000("coalesce(with_event.events, 0)", "exposed.sessions_exposed") }} as events_per_1000_sessions,
    {{ exact_columns("events_per_1000_sessions", "coalesce(with_event.events, 0)", "exposed.sessions_exposed",
        "poisson", 1000.0) }}
from exposed
cross join terms
left join with_event using (lot, manufacturer, term)
where terms.term = 'all' or with_event.events is not null
