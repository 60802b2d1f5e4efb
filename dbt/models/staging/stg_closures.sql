select
    clinic_id,
    event_id,
    {{ json_text("episode_id") }} as episode_id,
    {{ json_text("reason") }} as reason,
    {{ json_text("care_intent") }} as care_intent,
    {{ json_integer("sessions_held", 0, 1000) }} as sessions_held
from {{ ref("stg_events") }}
where event_type = 'episode.closed'
