-- What the retractions say that hold, and which of them are themselves taken back: by one that nobody takes back, or
-- not, because all that would are taken back. What goes further than that, or in a circle, takes nothing back.
with stated as (
    select clinic_id, event_id, retracts as target_id from {{ ref("stg_events") }}
    where event_type = 'event.retracted'
),

chains as (
    select * from {{ ref("stg_chains") }}
),

targets as (
    select clinic_id, event_id from {{ ref("stg_events") }}
    semi join stated on stg_events.clinic_id = stated.clinic_id and stg_events.event_id = stated.target_id
),

-- Any version of an event stands for all of them: what should never have been said is not said in other words either.
retractions as (
    select
        stated.*,
        coalesce(own_chain.chain_id, stated.event_id) as chain_id,
        coalesce(target_chain.chain_id, targets.event_id) as target_chain_id
    from stated
    left join chains as own_chain using (clinic_id, event_id)
    left join targets on stated.clinic_id = targets.clinic_id and stated.target_id = targets.event_id
    left join chains as target_chain
        on stated.clinic_id = target_chain.clinic_id and stated.target_id = target_chain.event_id
    where own_chain.event_id is null or (not own_chain.is_held and own_chain.replaced_by is null)
),

opposed as (
    select
        retractions.clinic_id,
        retractions.event_id,
        opponents.event_id as opponent_id
    from retractions
    inner join retractions as opponents
        on retractions.clinic_id = opponents.clinic_id and retractions.chain_id = opponents.target_chain_id
),

unopposed as (
    select clinic_id, event_id from retractions
    anti join opposed using (clinic_id, event_id)
),

taken_back as (
    select distinct opposed.clinic_id, opposed.event_id
    from opposed
    inner join unopposed on opposed.clinic_id = unopposed.clinic_id and opposed.opponent_id = unopposed.event_id
),

given_back as (
    select opposed.clinic_id, opposed.event_id
    from opposed
    left join taken_back on opposed.clinic_id = taken_back.clinic_id and opposed.opponent_id = taken_back.event_id
    group by opposed.clinic_id, opposed.event_id
    having bool_and(taken_back.event_id is not null)
),

in_force as (
    select * from unopposed
    union all
    select * from given_back
)

select
    retractions.clinic_id,
    retractions.event_id,
    retractions.target_id,
    retractions.target_chain_id,
    in_force.event_id is not null as is_in_force
from retractions
left join in_force using (clinic_id, event_id)
