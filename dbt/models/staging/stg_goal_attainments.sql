select
    clinic_id,
    event_id,
    {{ json_text("goal") }} as goal,
    {{ json_integer("attainment", -2, 2) }} as attainment,
    {{ json_text("plan_id") }} as plan_id,
    {{ json_text("episode_id") }} as episode_id
from {{ ref("stg_events") }}
where event_type = 'goal_attainment.recorded'
