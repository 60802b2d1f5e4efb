with verdicts as (
    select * from {{ ref("warehouse_verdicts") }}
    where is_broken
),

accepted as (
    select * from {{ ref("stg_dispositions") }}
    where disposition = 'accepted' and not is_test
),

stream_flags as (
    select clinic_id, event_id, unnest(list_transform(reasons, lambda reason: reason.code)) as code
    from accepted
)

-- Without repeats: an event may break a rule in several places.
select clinic_id, event_id, code from stream_flags
union
select clinic_id, event_id, code from verdicts
