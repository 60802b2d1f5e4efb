{%- set sums = ["patients", "patients_at_floor", "patients_with_room", "patients_with_room_scored", "responders"] -%}
with landmarks as (
    select landmark, month from {{ ref("outcome_landmarks") }}
    where landmark like 'month_%'
),

instruments as (
    select code as instrument from {{ ref("outcome_instruments") }}
    where responder_rule in ('absolute', 'relative')
),

by_clinic as (
    select
        counts.instrument,
        counts.stratifier,
        counts.stratum,
        landmarks.month,
        counts.clinic_id,
        {%- for column in sums %}
            sum(counts.{{ column }}) as {{ column }},
        {%- endfor %}
        any_value(counts.design) as design
    from {{ ref("landmark_counts") }} as counts
    inner join landmarks using (landmark)
    inner join instruments using (instrument)
    where counts.patients > 0
    group by counts.instrument, counts.stratifier, counts.stratum, landmarks.month, counts.clinic_id
)

select
    instrument,
    stratifier,
    stratum,
    month,
    any_value(design) as design,
    cast(sum(patients) as bigint) as patients_with_baseline,
    cast(sum(patients_at_floor) as bigint) as patients_at_floor,
    cast(sum(patients_with_room) as bigint) as patients,
    cast(sum(patients_with_room_scored) as bigint) as patients_scored,
    cast(sum(responders) as bigint) as responders,
    cast(sum(responders + patients_with_room - patients_with_room_scored) as bigint) as responders_at_best,
    {{ clinics_behind("patients_with_room") }}
from by_clinic
group by instrument, stratifier, stratum, month
