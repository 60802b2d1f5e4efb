-- What a patient said last of each purpose; a consent that has run out is one that is no longer given.
with stated as (
    select * from {{ current_events("stg_consents", about="everybody") }}
),

named as (
    select
        clinic_id,
        patient_id,
        unnest(purposes) as purpose,
        is_withdrawal,
        valid_until,
        local_date,
        occurred_at,
        said_order
    from stated
),

latest as (
    select * from named
    qualify
        row_number() over (
            partition by clinic_id, patient_id, purpose
            order by occurred_at desc, said_order desc
        ) = 1
)

select
    clinic_id,
    patient_id,
    purpose,
    if(is_withdrawal, local_date, valid_until + 1) as withdrawn_on
from latest
where is_withdrawal or valid_until < cast({{ as_of() }} as date)
