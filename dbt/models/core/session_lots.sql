{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with sessions as (
    select * from {{ of_touched_patients("sessions") }}
),

needles as (
    select distinct clinic_id, patient_id, session_id, lot, manufacturer
    from {{ of_touched_patients("needles") }}
    where lot is not null
),

lots as (
    select
        *,
        count(*) over (partition by clinic_id, lot) as makers
    from {{ ref("needle_lots") }}
),

used as (
    select needles.*, lots.manufacturer as maker, lots.sterile_until, lots.recall_known_at
    from needles
    inner join lots
        on
            needles.clinic_id = lots.clinic_id
            and needles.lot = lots.lot
            and (needles.manufacturer = lots.manufacturer or (needles.manufacturer is null and lots.makers = 1))
)

select distinct
    sessions.clinic_id,
    sessions.patient_id,
    sessions.event_id,
    sessions.session_key,
    used.lot,
    used.maker as manufacturer,
    sessions.began_at,
    sessions.local_date,
    used.sterile_until,
    used.recall_known_at
from used
inner join sessions using (clinic_id, patient_id, session_id)
