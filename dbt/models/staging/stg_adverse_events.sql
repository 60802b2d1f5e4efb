select
    clinic_id,
    event_id,
    coalesce({{ json_text("case_id") }}, event_id) as case_id,
    {{ json_text("session_id") }} as session_id,
    {{ json_text("practitioner_id") }} as practitioner_id,
    {{ json_text("term") }} as term,
    {{ json_text("severity") }} as severity,
    {{ json_boolean("serious") }} as says_serious,
    {{ json_texts("seriousness_criteria[*]") }} as seriousness_criteria,
    {{ json_moment("onset_at") }} as onset_at,
    {{ json_text("causality") }} as causality,
    {{ json_integer("needle", 1, 200) }} as needle,
    {{ fact_text("point.point_code") }} as point_code,
    coalesce({{ json_text("region") }}, {{ fact_text("point.region") }}) as region,
    {{ json_text("side") }} as side,
    {{ json_text("technique") }} as technique,
    {{ json_text("outcome") }} as outcome,
    {{ json_moment("resolved_at") }} as resolved_at,
    {{ json_texts("actions[*]") }} as actions,
    {{ json_text("reported_by") }} as reported_by,
    {{ json_boolean("is_expected") }} as is_expected
from {{ ref("stg_events") }}
where event_type = 'adverse_event.reported'
