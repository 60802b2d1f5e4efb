with stated as (
    select * from {{ ref("stg_sessions") }}
),

licences as (
    select * from {{ ref("session_licences") }}
),

conditions as (
    select * from {{ ref("session_conditions") }}
),

methods as (
    select * from {{ ref("ae_screen_methods") }}
),

-- A session that is stated again, under another event id, is still one session: the last statement holds.
latest as (
    select *
    from stated
    qualify
        row_number() over (
            partition by clinic_id, patient_id, session_id
            order by arrival_order desc
        ) = 1
)

select
    latest.clinic_id,
    latest.session_id,
    latest.patient_id,
    latest.event_id,
    latest.practitioner_id,
    latest.occurred_at,
    -- What happened while it went on did not happen before it: the event's own time may be its end.
    coalesce(
        latest.started_at,
        latest.occurred_at - to_minutes(cast(ceil(coalesce(latest.duration_min, latest.retention_min, 0)) as bigint))
    ) as began_at,
    latest.local_date,
    latest.month,
    coalesce(methods.code, 'not_recorded') as ae_screen_method,
    latest.needles_inserted,
    latest.needles_removed,
    latest.needles_left_in,
    cast(coalesce(latest.needles_inserted, nullif(len(latest.needles), 0)) as integer) as needles,
    latest.retention_min,
    latest.uses_current,
    latest.moxibustion_intents,
    licences.is_licensed,
    coalesce(conditions.condition_group, 'not_recorded') as condition_group
from latest
left join licences using (clinic_id, event_id)
left join conditions using (clinic_id, event_id)
left join methods on latest.ae_screen_method = methods.code
