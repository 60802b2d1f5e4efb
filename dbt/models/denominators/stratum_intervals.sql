{%- set strata = ["stratifier", "stratum", "asking", "ae_screen_method"] -%}
{%- set measures = {
    "events_per_session": ("rate", "events", "sessions"),
    "share_of_sessions_with_event": ("share", "sessions_with_event", "sessions"),
    "share_of_patients_with_event": ("share", "patients_with_event", "patients"),
    "events_per_needle": ("rate", "events_with_needles", "needles"),
} -%}

with clusters as (
    select * from {{ ref("stratum_clusters") }}
),

{% for name, (kind, events, trials) in measures.items() %}
    {{ name }}_squares as (
        {{ squares_of_clusters("clusters", strata, events, trials, "patient" if trials == "patients" else "pair") }}
    ),

    {{ name }}_limits as (
        select
            {{ strata | join(", ") }},
            {% if name == "events_per_session" %}practitioners,{% endif %}
            {{ clustered_limit(kind, "low") }} as {{ name }}_low,
            {{ clustered_limit(kind, "high") }} as {{ name }}_high
        from {{ name }}_squares
    ),
{% endfor %}
joined as (
    select *
    from
        events_per_session_limits
    {%- for name in measures if name != "events_per_session" %}
    left join {{ name }}_limits using ({{ strata | join(", ") }})
    {%- endfor %}
)

select
    {{ strata | join(", ") }},
    {%- for name in measures %}
        {{ name }}_low,
        {{ name }}_high,
    {%- endfor %}
    cast(practitioners as bigint) as practitioners
from joined
