{#- Of the counts at landmarks those that responders are counted of: at months, and by instruments that say what a
    response is. -#}
{% macro counts_of_responders() -%}
(
    select counts.*, landmarks.month
    from {{ ref("landmark_counts") }} as counts
    inner join {{ ref("outcome_landmarks") }} as landmarks on counts.landmark = landmarks.landmark
    inner join {{ ref("outcome_instruments") }} as instruments on counts.instrument = instruments.code
    where landmarks.landmark like 'month_%' and instruments.responder_rule in ('absolute', 'relative')
)
{%- endmacro %}
