-- From every correction along `supersedes` to where the way ends: at an event that corrects nothing, at one that is not
-- there or is of another type, or where it comes back to itself.
with recursive events as (
    select clinic_id, event_id, event_type, supersedes from {{ ref("stg_events") }}
),

corrections as (
    select * from events
    where supersedes is not null
),

steps as (
    select
        clinic_id,
        event_type,
        event_id,
        supersedes as ancestor_id,
        [event_id] as path
    from corrections
    union all
    select
        steps.clinic_id,
        steps.event_type,
        steps.event_id,
        corrections.supersedes as ancestor_id,
        list_append(steps.path, steps.ancestor_id) as path
    from steps
    inner join corrections
        on
            steps.clinic_id = corrections.clinic_id
            and steps.ancestor_id = corrections.event_id
            and steps.event_type = corrections.event_type
    where not list_contains(steps.path, steps.ancestor_id)
),

ends as (
    select
        *,
        list_position(path, ancestor_id) as returns_at
    from steps
    qualify row_number() over (partition by clinic_id, event_id order by len(path) desc) = 1
)

select
    ends.clinic_id,
    ends.event_id,
    -- The chain is called after its first event, or after the first by name of those that go in a circle. One that is
    -- held is none of the event that it waits for: that may be there, and be of another type.
    coalesce(
        list_min(ends.path[ends.returns_at:]),
        if(roots.event_id is null, 'awaiting ' || ends.ancestor_id, ends.ancestor_id)
    ) as chain_id,
    cast(coalesce(ends.returns_at - 1, len(ends.path)) as integer) as depth,
    ends.returns_at is not null as is_cyclic,
    ends.returns_at is null and roots.event_id is null as is_held
from ends
left join events as roots
    on
        ends.clinic_id = roots.clinic_id
        and ends.ancestor_id = roots.event_id
        and ends.event_type = roots.event_type
