{#- The fields of a session that are read from its JSON, for `json_transform`: what does not fit is NULL.
    Numbers are read as texts, for true would be 1. -#}
{% macro session_structure() -%}
{
    "session_id": "VARCHAR", "practitioner_id": "VARCHAR", "episode_id": "VARCHAR", "plan_id": "VARCHAR",
    "ae_screen_method": "VARCHAR", "ae_screened": "BOOLEAN", "ae_screen_time": "VARCHAR",
    "needles_inserted": "VARCHAR", "needles_removed": "VARCHAR", "needles_left_in": "VARCHAR",
    "retention_min": "VARCHAR", "duration_min": "VARCHAR", "started_at": "TIMESTAMPTZ",
    "style": "VARCHAR", "setting": "VARCHAR", "position": "VARCHAR", "techniques": ["VARCHAR"],
    "electrostimulation": [{"frequency_hz": "DOUBLE", "duration_min": "VARCHAR"}],
    "moxibustion": [{"kind": "VARCHAR", "region": "VARCHAR", "intent": "VARCHAR"}],
    "cupping": [{"kind": "VARCHAR", "region": "VARCHAR"}],
    "guasha": [{"region": "VARCHAR"}],
    "auricular": [{"site": "VARCHAR", "device": "VARCHAR"}],
    "advice": ["VARCHAR"], "conventional_care_contact": "BOOLEAN",
    "needles": [{
        "side": "VARCHAR", "depth_mm": "VARCHAR", "angle": "VARCHAR", "gauge_mm": "VARCHAR", "length_mm": "VARCHAR",
        "stimulation": "VARCHAR", "de_qi": "BOOLEAN", "lot": "VARCHAR", "manufacturer": "VARCHAR",
        "region": "VARCHAR", "tissue_level": "VARCHAR", "material": "VARCHAR", "response_sought": "VARCHAR",
        "retention_min": "VARCHAR", "intent": "VARCHAR"
    }]
}
{%- endmacro %}


{#- And of what is certain of it by the vocabularies. -#}
{% macro session_facts_structure() -%}
{
    "needles": [{"point_code": "VARCHAR", "meridian": "VARCHAR", "organ": "VARCHAR", "region": "VARCHAR"}]
}
{%- endmacro %}
