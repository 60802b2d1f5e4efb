-- A primary condition holds until the next assessment that names one; of several on a day the last holds.
with named as (
    select * from {{ ref("patient_conditions") }}
    where is_primary
    qualify
        row_number() over (
            partition by clinic_id, patient_id, recorded_on
            order by recorded_at desc, said_order desc
        ) = 1
)

select
    clinic_id,
    patient_id,
    event_id,
    condition_code,
    coalesce(condition_group, 'not_recorded') as condition_group,
    chronicity_years,
    recorded_on as valid_from,
    lead(recorded_on, 1, date '9999-12-31') over (
        partition by clinic_id, patient_id
        order by recorded_on
    ) as valid_until
from named
