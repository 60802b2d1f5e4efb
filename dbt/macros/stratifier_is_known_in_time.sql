{#- Refuses a stratifier that seed `stratifiers` does not list, or that is known only after the outcome's time zero. A
    long mart names the column that holds its stratifiers; a wide one names the stratifiers themselves. `known_by` is the
    last moment in time: `session` where an outcome follows the session, `assessment` where it follows the baseline. -#}
{% test stratifier_is_known_in_time(model, column=none, stratifiers=[], known_by="session") -%}
{%- set moments = ["birth", "enrolment", "assessment", "before_session", "session", "after_outcome"] -%}
with used as (
    {%- if column %}
    select distinct {{ column }} as stratifier from {{ model }}
    {%- else %}
    select unnest({{ stratifiers }}) as stratifier
    {%- endif %}
)

select used.stratifier, listed.known_at
from used
left join {{ ref("stratifiers") }} as listed using (stratifier)
where coalesce(listed.known_at, '') not in ('{{ moments[:moments.index(known_by) + 1] | join("', '") }}')
{%- endtest %}
