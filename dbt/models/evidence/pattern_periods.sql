-- What an assessment names of patterns holds until the next one that names any; of several on a day the last holds.
with assessments as (
    select * from {{ ref("assessments") }}
    where len(patterns) > 0
    qualify
        row_number() over (
            partition by clinic_id, patient_id, assessed_on
            order by assessed_at desc, said_order desc
        ) = 1
),

vocabulary as (
    select code from {{ ref("tcm_patterns") }}
),

periods as (
    select
        clinic_id,
        patient_id,
        assessed_on as valid_from,
        lead(assessed_on, 1, date '9999-12-31') over (
            partition by clinic_id, patient_id
            order by assessed_on
        ) as valid_until,
        unnest(patterns) as stated
    from assessments
)

select distinct
    periods.clinic_id,
    periods.patient_id,
    coalesce(vocabulary.code, 'unlisted') as pattern,
    periods.valid_from,
    periods.valid_until
from periods
left join vocabulary on periods.stated = vocabulary.code
