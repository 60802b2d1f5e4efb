-- What the next build compares with.
-- depends_on: {{ ref("touched_practitioners") }}
select * from {{ ref("practitioner_states") }}
