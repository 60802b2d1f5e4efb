{%- set sums = ["patients", "patients_at_floor", "patients_with_room", "patients_with_room_scored", "responders"] -%}
with counts as (
    select * from {{ counts_of_responders() }}
),

by_clinic as (
    select
        instrument,
        stratifier,
        stratum,
        month,
        clinic_id,
        {%- for column in sums %}
            sum({{ column }}) as {{ column }},
        {%- endfor %}
        any_value(design) as design
    from counts
    where patients > 0
    group by instrument, stratifier, stratum, month, clinic_id
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
