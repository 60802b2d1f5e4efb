-- From the touched events over every correction, retraction and merger that there is, in force or not, to whoever may
-- count otherwise now. Empty in a full build, which works out everything.
-- Each step reads of all events what it needs of them: together they would have to be kept aside.
with recursive touched as (
    select * from {{ ref("touched_events") }}
),

mergers as (
    select clinic_id, patient_id, former_patient_id from {{ ref("stg_events") }}
    where former_patient_id is not null
),

-- A correction of a retraction has two: to what it corrects, and to what it takes back.
links as (
    select clinic_id, event_id, supersedes as other_id from {{ ref("stg_events") }}
    where supersedes is not null
    union all
    select clinic_id, event_id, retracts as other_id from {{ ref("stg_events") }}
    where retracts is not null
),

both_ways as (
    select clinic_id, event_id as from_id, other_id as to_id from links
    union
    select clinic_id, other_id as from_id, event_id as to_id from links
),

reached as (
    select clinic_id, event_id from touched
    union
    select reached.clinic_id, both_ways.to_id as event_id
    from reached
    inner join both_ways on reached.clinic_id = both_ways.clinic_id and reached.event_id = both_ways.from_id
),

events as (
    select clinic_id, patient_id, former_patient_id from {{ ref("stg_events") }}
    semi join reached using (clinic_id, event_id)
),

concerned as (
    select clinic_id, patient_id as pseudonym from events
    union
    select clinic_id, former_patient_id as pseudonym from events
    union
    select clinic_id, former_patient_id as pseudonym from touched
),

aliases as (
    select clinic_id, patient_id as pseudonym, former_patient_id as alias from mergers
    union
    select clinic_id, former_patient_id as pseudonym, patient_id as alias from mergers
),

persons as (
    select clinic_id, pseudonym from concerned
    where pseudonym is not null
    union
    select persons.clinic_id, aliases.alias as pseudonym
    from persons
    inner join aliases using (clinic_id, pseudonym)
)

select clinic_id, pseudonym from persons
