with stated as (
    select
        clinic_id,
        event_id,
        patient_id as surviving_id,
        {{ json_text("former_patient_id") }} as former_id,
        said_order
    from {{ ref("stg_events") }}
    where event_type = 'patient.merged'
),

chains as (
    select * from {{ ref("stg_chains") }}
    where not is_held and replaced_by is null
),

retracted as (
    select clinic_id, target_chain_id as chain_id from {{ ref("stg_retractions") }}
    where is_in_force
)

select
    stated.clinic_id,
    stated.event_id,
    stated.former_id,
    stated.surviving_id,
    stated.said_order
from stated
inner join chains using (clinic_id, event_id)
anti join retracted on stated.clinic_id = retracted.clinic_id and chains.chain_id = retracted.chain_id
where stated.former_id <> stated.surviving_id
