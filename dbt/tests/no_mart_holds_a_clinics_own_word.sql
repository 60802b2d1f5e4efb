-- What a clinic writes in place of a code may be anything, a name too: it becomes `unlisted` before it reaches a mart.
with shown as (
    select 'patterns' as vocabulary, pattern as code from {{ ref("mart_points_by_pattern") }}
    union all
    select 'styles' as vocabulary, style as code from {{ ref("mart_dose") }}
    union all
    select 'goals' as vocabulary, goal as code from {{ ref("mart_goals") }}
    union all
    select 'goals' as vocabulary, goal as code from {{ ref("mart_goal_targets") }}
    union all
    select 'instruments' as vocabulary, instrument as code from {{ ref("mart_goal_targets") }}
    union all
    select 'care' as vocabulary, code from {{ ref("mart_co_treatment") }}
    union all
    select 'studies' as vocabulary, study as code from {{ ref("mart_outcome_by_arm") }}
),

listed as (
    select 'patterns' as vocabulary, code from {{ ref("tcm_patterns") }}
    union all
    select 'styles' as vocabulary, code from {{ ref("styles") }}
    union all
    select 'goals' as vocabulary, code from {{ ref("goals") }}
    union all
    select 'instruments' as vocabulary, code from {{ ref("outcome_instruments") }}
    union all
    select 'care' as vocabulary, code from {{ ref("co_treatments") }}
    union all
    select 'care' as vocabulary, code from {{ ref("referrals") }}
    union all
    select 'studies' as vocabulary, study_id as code from {{ ref("studies") }}
)

select shown.*
from shown
anti join listed using (vocabulary, code)
where shown.code not in ('unlisted', 'not_recorded', 'yes', 'no', 'none')
