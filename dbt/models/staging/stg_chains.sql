-- Events that correct each other are one chain; its last version holds. Of two corrections of one event (a fork) the
-- one holds whose own corrections go further, then the one that was said last.
with walks as (
    select * from {{ ref("stg_correction_walks") }}
),

members as (
    select clinic_id, event_id from walks
    union
    select clinic_id, chain_id as event_id from walks
),

events as (
    select * from {{ ref("stg_events") }}
    semi join members using (clinic_id, event_id)
),

forks as (
    select clinic_id, supersedes as event_id
    from events
    where supersedes is not null
    group by clinic_id, supersedes
    having count(*) > 1
),

chained as (
    select
        events.clinic_id,
        events.event_id,
        events.event_type,
        coalesce(walks.chain_id, events.event_id) as chain_id,
        coalesce(walks.depth, 0) as depth,
        coalesce(walks.is_cyclic, false) as is_cyclic,
        coalesce(walks.is_held, false) as is_held,
        forks.event_id is not null as is_forked,
        events.said_order
    from events
    left join walks using (clinic_id, event_id)
    left join forks on events.clinic_id = forks.clinic_id and events.supersedes = forks.event_id
)

select
    clinic_id,
    event_id,
    chain_id,
    row_number() over versions as version,
    lead(event_id) over versions as replaced_by,
    is_cyclic,
    is_held,
    is_forked
from chained
window
    versions as (
        partition by clinic_id, event_type, chain_id
        order by depth, said_order
    )
