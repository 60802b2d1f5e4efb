-- What a practitioner is known to have completed, from each day on which that changed.
with trainings as (
    select * from {{ ref("practitioner_trainings") }}
),

levels as (
    select * from {{ ref("exposure_levels") }}
    where exposure = 'training'
),

added as (
    select
        trainings.practitioner_key,
        trainings.known_since,
        bit_or(cast(1 as bigint) << levels.number) as training_set
    from trainings
    inner join levels on trainings.training = levels.level
    group by trainings.practitioner_key, trainings.known_since
)

select
    practitioner_key,
    known_since,
    lead(known_since) over (partition by practitioner_key order by known_since) as known_until,
    bit_or(training_set) over (partition by practitioner_key order by known_since) as training_set
from added
