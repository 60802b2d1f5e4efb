{{ config(
    materialized="incremental",
    incremental_strategy="touched",
    unique_key=["clinic_id", "event_id", "stated_patient_id"]
) }}
-- Every version of every event, and what became of it. One status each, by the first that applies: held until the event
-- that it corrects is there, superseded, retracted, sent again, or current.
with events as (
    select * from {{ of_touched_pseudonyms(ref("stg_events")) }}
),

chains as (
    select * from {{ ref("stg_chains") }}
),

identities as (
    select * from {{ ref("stg_patient_identities") }}
),

retracted as (
    select distinct clinic_id, target_chain_id as chain_id from {{ ref("stg_retractions") }}
    where is_in_force
),

known as (
    select
        events.*,
        coalesce(identities.patient_id, events.patient_id) as person_id,
        coalesce(chains.chain_id, events.event_id) as chain_id,
        coalesce(chains.version, 1) as version,
        chains.replaced_by,
        coalesce(chains.is_cyclic, false) as is_cyclic,
        coalesce(chains.is_forked, false) as is_forked,
        case
            when chains.is_held then 'held'
            when chains.replaced_by is not null then 'superseded'
            when retracted.chain_id is not null then 'retracted'
            else 'current'
        end as status,
        {{ business_key() }} as business_key
    from events
    left join chains using (clinic_id, event_id)
    left join identities on events.clinic_id = identities.clinic_id and events.patient_id = identities.pseudonym
    left join retracted
        on events.clinic_id = retracted.clinic_id and coalesce(chains.chain_id, events.event_id) = retracted.chain_id
),

-- A source that says the same twice has said it twice: only another source, or the same one that counts anew, sends
-- again.
numbered as (
    select
        *,
        row_number() over (
            partition by clinic_id, event_type, person_id, business_key, status, source_key, source_epoch
            order by said_order
        ) as occurrence
    from known
),

recognised as (
    select
        *,
        first_value(event_id) over (
            partition by clinic_id, event_type, person_id, business_key, status, occurrence
            order by coalesce(source_epoch, 0), said_order
        ) as first_sent_as
    from numbered
)

select
    clinic_id,
    event_id,
    event_type,
    person_id as patient_id,
    patient_id as stated_patient_id,
    occurred_at,
    local_date,
    month,
    received_at,
    said_at,
    said_order,
    chain_id,
    version,
    if(status = 'current' and business_key is not null and first_sent_as <> event_id, 're_sent', status) as status,
    replaced_by,
    if(status = 'current' and business_key is not null, nullif(first_sent_as, event_id), null) as re_sent_of,
    is_forked,
    is_cyclic
from recognised
