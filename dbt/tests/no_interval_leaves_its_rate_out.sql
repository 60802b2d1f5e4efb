{%- set measures = [
    "events_per_1000_sessions", "share_of_sessions_with_event", "share_of_patients_with_event",
    "events_per_10000_needles"
] -%}

with rates as (
    select rate_per_1000 as rate, ci_low as low, ci_high as high, sessions as trials
    from {{ ref("mart_safety_by_clinic") }}
    union all
    select rate_per_1000 as rate, ci_low as low, ci_high as high, sessions as trials
    from {{ ref("mart_side_effects") }}
    {%- for mart in ["mart_safety_by_stratum", "mart_safety_by_exposure"] %}
        {%- for measure in measures %}
            {%- set trials = {"share_of_patients_with_event": "patients", "events_per_10000_needles": "needles"} %}
            union all
            select
                {{ measure }} as rate,
                {{ measure }}_counting_error_only_low as low,
                {{ measure }}_counting_error_only_high as high,
                {{ trials.get(measure, "sessions") }} as trials
            from {{ ref(mart) }}
        {%- endfor %}
    {%- endfor %}
),

clustered as (
    {%- for measure in measures %}
        {{ "union all" if not loop.first }}
        select
            {{ measure }} as rate,
            {{ measure }}_low as low,
            {{ measure }}_high as high,
            {{ measure }}_counting_error_only_low as exact_low,
            {{ measure }}_counting_error_only_high as exact_high
        from {{ ref("mart_safety_by_stratum") }}
    {%- endfor %}
)

select rate, low, high
from rates
where
    rate < low
    or rate > high
    or (trials = 0) <> (rate is null)
    or (trials = 0) <> (low is null)
union all
-- Clusters can only make an interval wider.
select rate, low, high
from clustered
where rate < low or rate > high or low > exact_low + 1e-9 or high < exact_high - 1e-9
