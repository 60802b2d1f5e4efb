{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- All scores, where `outcomes` keeps one a month: the sessions of a month may each have had theirs.
with stated as (
    select * from {{ current_events("stg_outcomes") }}
),

instruments as (
    select code, minimum, maximum from {{ ref("outcome_instruments") }}
)

select
    stated.clinic_id,
    stated.event_id,
    stated.patient_id,
    {{ patient_key("stated") }} as patient_key,
    stated.instrument,
    stated.value,
    stated.occurred_at as recorded_at,
    stated.local_date as recorded_on,
    stated.said_order
from stated
inner join instruments
    on stated.instrument = instruments.code and stated.value between instruments.minimum and instruments.maximum
