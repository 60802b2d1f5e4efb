with stated as (
    select clinic_id, patient_id, unnest(goals) as goal from {{ consenting("assessments", "benchmarking") }}
    where {{ is_closed("assessed_on") }}
    union all
    select clinic_id, patient_id, unnest(goals) as goal from {{ consenting("plan_versions", "benchmarking") }}
    where {{ is_closed("valid_from") }}
),

attainments as (
    select * from {{ consenting("goal_attainments", "benchmarking") }}
    where {{ is_closed("judged_on") }}
),

vocabulary as (
    select code from {{ ref("goals") }}
),

named as (
    select clinic_id, patient_id, goal, null as attainment, null as said_order from stated
    union all
    select clinic_id, patient_id, goal, attainment, concat(judged_on, said_order) as said_order from attainments
)

select
    named.clinic_id,
    named.patient_id,
    coalesce(vocabulary.code, 'unlisted') as goal,
    max_by(named.attainment, named.said_order) as attainment
from named
left join vocabulary on named.goal = vocabulary.code
group by named.clinic_id, named.patient_id, coalesce(vocabulary.code, 'unlisted')
