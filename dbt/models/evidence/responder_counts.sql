with scores as (
    select * from {{ ref("responder_scores") }}
),

by_patient as (
    select
        *,
        cast(is_scored as integer) as patients_scored,
        cast(is_responder as integer) as responders
    from scores
    where not is_at_floor
),

counted as (
    {{ counted_by_cell(
        "by_patient", ["instrument", "stratifier", "stratum", "month"], ["patients_scored", "responders"]
    ) | indent(4) }}
),

floors as (
    select
        instrument,
        stratifier,
        stratum,
        month,
        any_value(design) as design,
        count(*) as patients_with_baseline,
        count(*) filter (where is_at_floor) as patients_at_floor
    from scores
    group by instrument, stratifier, stratum, month
)

select
    floors.*,
    coalesce(counted.patients, 0) as patients,
    cast(coalesce(counted.patients_scored, 0) as bigint) as patients_scored,
    cast(coalesce(counted.responders, 0) as bigint) as responders,
    cast(coalesce(counted.responders + counted.patients - counted.patients_scored, 0) as bigint)
        as responders_at_best,
    coalesce(counted.clinics, 0) as clinics,
    counted.largest_clinic_share
from floors
left join counted using (instrument, stratifier, stratum, month)
