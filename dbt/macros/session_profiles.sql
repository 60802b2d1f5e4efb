{#- What sessions are divided by, in profiles: sessions of one profile, and way of asking, have the same strata. Few
    profiles occur, and a patient has few: sessions are summed by them, and the sums taken apart into strata. -#}
{% macro session_profiles() -%}
    {{ return({
        "lasting": [
            "clinic_id", "credential", "experience", "condition", "condition_group", "age_and_sex", "training_set"
        ],
        "visit": ["first_visit"],
        "techniques": ["technique_set"],
        "regions": ["region_set"],
        "time": ["month"],
    }) }}
{%- endmacro %}


{% macro profile_key(profile) -%}
    hash('{{ profile }}', ae_screen_method, asking, {{ session_profiles()[profile] | join(", ") }})
{%- endmacro %}
