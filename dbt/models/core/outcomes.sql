{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with stated as (
    select * from {{ current_events("stg_outcomes") }}
),

instruments as (
    select * from {{ ref("outcome_instruments") }}
),

-- A value that the instrument cannot give is no score, and a score of an unlisted instrument has no scale.
recorded as (
    select stated.* exclude (month), instruments.domain
    from stated
    inner join instruments
        on
            stated.instrument = instruments.code
            and stated.value between instruments.minimum and instruments.maximum
),

-- Where no score says that it is the baseline, the others tell when it was, or would have been.
started as (
    select
        clinic_id,
        patient_id,
        instrument,
        coalesce(
            min(occurred_at) filter (where planned_month = 0),
            min(occurred_at - to_months(coalesce(planned_month, 0)))
        ) as baseline_at
    from recorded
    group by clinic_id, patient_id, instrument
),

placed as (
    select
        recorded.*,
        coalesce(
            recorded.planned_month,
            cast(round(date_diff('day', started.baseline_at, recorded.occurred_at) / 30.4375) as integer)
        ) as month
    from recorded
    inner join started using (clinic_id, patient_id, instrument)
)

-- Of several scores for a month: one that says its month before one placed by its date; then the latest recorded. A
-- baseline placed by its date is the earliest: what follows within two weeks is already after treatment began.
select
    clinic_id,
    event_id,
    patient_id,
    {{ patient_key("placed") }} as patient_key,
    instrument,
    domain,
    instrument_version,
    episode_id,
    month,
    value,
    occurred_at as recorded_at,
    local_date as recorded_on
from placed
qualify
    row_number() over (
        partition by clinic_id, patient_id, instrument, month
        order by
            planned_month is null,
            case when planned_month is null and month = 0 then occurred_at end asc nulls last,
            occurred_at desc,
            said_order desc
    ) = 1
