-- Every pseudonym that was given up, and whose it is now. Of several mergers that give up one pseudonym, the one that
-- was said last holds; pseudonyms that go in a circle are one patient, under the first of them by name.
with recursive mergers as (
    select clinic_id, former_id, surviving_id
    from {{ ref("stg_mergers") }}
    qualify row_number() over (partition by clinic_id, former_id order by said_order desc) = 1
),

steps as (
    select clinic_id, former_id, surviving_id, [former_id] as path
    from mergers
    union all
    select
        steps.clinic_id,
        steps.former_id,
        mergers.surviving_id,
        list_append(steps.path, steps.surviving_id) as path
    from steps
    inner join mergers on steps.clinic_id = mergers.clinic_id and steps.surviving_id = mergers.former_id
    where not list_contains(steps.path, steps.surviving_id)
),

ends as (
    select
        *,
        list_position(path, surviving_id) as returns_at
    from steps
    qualify row_number() over (partition by clinic_id, former_id order by len(path) desc) = 1
)

select
    clinic_id,
    former_id as pseudonym,
    coalesce(list_min(path[returns_at:]), surviving_id) as patient_id,
    returns_at is not null as is_cyclic
from ends
