with stated as (
    select clinic_id, event_id, former_patient_id as former_id, patient_id as surviving_id, said_order
    from {{ ref("stg_events") }}
    where event_type = 'patient.merged' and former_patient_id <> patient_id
),

chains as (
    select * from {{ ref("stg_chains") }}
),

retracted as (
    select clinic_id, target_chain_id as chain_id from {{ ref("stg_retractions") }}
    where is_in_force
)

select stated.*
from stated
left join chains using (clinic_id, event_id)
left join retracted
    on stated.clinic_id = retracted.clinic_id and coalesce(chains.chain_id, stated.event_id) = retracted.chain_id
where retracted.chain_id is null and (chains.event_id is null or (not chains.is_held and chains.replaced_by is null))
