{%- set measures = {
    "events_per_session": "rate", "share_of_sessions_with_event": "share", "share_of_patients_with_event": "share",
    "events_per_needle": "rate"
} -%}
with clusters as (
    select * from {{ ref("stratum_clusters") }}
),

squares as (
    {{ squares_of_clusters("clusters", ["stratum_key", "measure"], "events", "trials") | indent(4) }}
),

limits as (
    {%- for kind in ["rate", "share"] %}
        {{ "union all" if not loop.first }}
        select
            stratum_key,
            measure,
            practitioners,
            {{ clustered_limit(kind, "low") | indent(8) }} as low,
            {{ clustered_limit(kind, "high") | indent(8) }} as high
        from squares
        where measure in (
            {%- for measure in measures if measures[measure] == kind -%}
                '{{ measure }}'{{ ", " if not loop.last }}
            {%- endfor -%}
        )
    {%- endfor %}
),

names as (
    select * from {{ ref("stratum_names") }}
)

select
    names.stratifier,
    names.stratum,
    names.asking,
    names.ae_screen_method,
    {%- for measure in measures %}
        {%- for end in ["low", "high"] %}
            any_value(limits.{{ end }}) filter (where limits.measure = '{{ measure }}') as {{ measure }}_{{ end }},
        {%- endfor %}
    {%- endfor %}
    cast(any_value(limits.practitioners) filter (where limits.measure = 'events_per_session') as bigint)
        as practitioners
from limits
inner join names using (stratum_key)
group by names.stratifier, names.stratum, names.asking, names.ae_screen_method
