{#- Whether a score is a baseline: at most 14 days before the first session, or 7 after it. Days are the clinic's. -#}
{% macro in_baseline_window(scored_on, first_session_on) -%}
    {{ scored_on }} between {{ first_session_on }} - 14 and {{ first_session_on }} + 7
{%- endmacro %}
