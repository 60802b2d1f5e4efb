with answers as (
    select * from {{ ref("care_beside") }}
),

counted as (
    {{ counted_by_cell("answers", ["condition_group", "kind", "code"], ["statements"]) | indent(4) }}
),

who_answered as (
    select distinct condition_group, kind, clinic_id, patient_key from answers
),

asked as (
    {{ counted_by_cell("who_answered", ["condition_group", "kind"], [], "kind_") | indent(4) }}
)

select
    counted.condition_group,
    counted.kind,
    counted.code,
    asked.patients,
    counted.patients as patients_with_answer,
    counted.patients / asked.patients as patient_share,
    cast(counted.statements as bigint) as statements,
    counted.clinics,
    counted.largest_clinic_share,
    asked.kind_clinics,
    asked.kind_largest_clinic_share
from counted
inner join asked using (condition_group, kind)
