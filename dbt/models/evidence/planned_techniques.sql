with plans as (
    select clinic_id, patient_id, plan_id, version, unnest(techniques) as technique from {{ ref("plan_versions") }}
),

vocabulary as (
    select code from {{ ref("techniques") }}
)

select
    plans.clinic_id,
    plans.patient_id,
    plans.plan_id,
    plans.version,
    list_sort(list_distinct(list(vocabulary.code))) as techniques
from plans
inner join vocabulary on plans.technique = vocabulary.code
group by plans.clinic_id, plans.patient_id, plans.plan_id, plans.version
