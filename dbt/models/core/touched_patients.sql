-- Touched patients by the name that they have now or had before, and those of whom a session is another because of its
-- practitioner's credentials or its needles' lot. Empty in a full build.
with pseudonyms as (
    select * from {{ ref("touched_pseudonyms") }}
),

versions as (
    select * from {{ ref("event_versions") }}
),

practitioners as (
    select * from {{ ref("touched_practitioners") }}
),

sessions as (
    select clinic_id, event_id, practitioner_id from {{ ref("stg_sessions") }}
    where practitioner_id is not null
),

lots as (
    select distinct lots.clinic_id, lots.lot
    from {{ ref("stg_needle_lots") }} as lots
    semi join {{ ref("touched_events") }} using (clinic_id, event_id)
),

treated as (
    select sessions.clinic_id, sessions.event_id
    from sessions
    semi join practitioners using (clinic_id, practitioner_id)
)

select clinic_id, pseudonym as patient_id from pseudonyms
union
select versions.clinic_id, versions.patient_id
from versions
semi join treated using (clinic_id, event_id)
where versions.patient_id is not null
{% if is_increment() %}
    union
    select needles.clinic_id, needles.patient_id
    from core.needles
    semi join lots using (clinic_id, lot)
{% endif %}
