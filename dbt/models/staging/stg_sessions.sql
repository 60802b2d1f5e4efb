{{ config(materialized="incremental", incremental_strategy="read_anew", unique_key=["clinic_id", "event_id"]) }}
-- Each session's JSON is read once, into one structure: path by path would take ten times as long.
with events as (
    select
        clinic_id,
        event_id,
        month,
        json_transform(data, '{{ session_structure() }}') as said,
        json_transform(facts, '{{ session_facts_structure() }}') as certain
    from {{ events_of(["session.completed"]) }}
)

select
    clinic_id,
    event_id,
    month,
    coalesce(said.session_id, event_id) as session_id,
    said.practitioner_id,
    said.episode_id,
    said.plan_id,
    said.ae_screen_method,
    said.ae_screened,
    said.ae_screen_time,
    {{ number_of("said.needles_inserted", 0, 1000, "integer") }} as needles_inserted,
    {{ number_of("said.needles_removed", 0, 1000, "integer") }} as needles_removed,
    {{ number_of("said.needles_left_in", 0, 1000, "integer") }} as needles_left_in,
    {{ number_of("said.retention_min", 0, 1440) }} as retention_min,
    {{ number_of("said.duration_min", 0, 1440) }} as duration_min,
    said.started_at at time zone 'UTC' as started_at,
    said.style,
    said.setting,
    said.position,
    {{ session_techniques("said") }} as techniques,
    {{ uses_current("said") }} as uses_current,
    coalesce(list_transform(said.moxibustion, lambda one: one.intent), []) as moxibustion_intents,
    coalesce(said.advice, []) as advice,
    said.conventional_care_contact,
    coalesce(len(said.needles), 0) as needles_listed,
    coalesce(said.needles, []) as needles,
    coalesce(certain.needles, []) as needle_facts
from events
