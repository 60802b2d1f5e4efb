{#- After so many days without a session a patient who comes again begins anew: three times the month that maintenance
    care commonly leaves between two sessions. -#}
{% macro episode_gap_days() -%} 90 {%- endmacro %}
