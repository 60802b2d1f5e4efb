-- How much of what will be reported is known by now, summed over sessions.
with sessions as (
    select * from {{ ref("ascertained_sessions") }}
    where is_ascertained
),

strata as (
    select profile, stratum_key, all_ways_key from {{ ref("stratum_profiles") }}
),

counted as (
    {%- for name in session_profiles() %}
        {{ "union all" if not loop.first }}
        select
            {{ profile_key(name) }} as profile,
            clinic_id,
            sum(maturity) as maturity_sum,
            count(maturity) as maturity_sessions
        from sessions
        group by {{ profile_key(name) }}, clinic_id
    {%- endfor %}
),

placed as (
    select strata.stratum_key, strata.all_ways_key, counted.*
    from counted
    inner join strata using (profile)
),

ways as (
    select * from placed
    union all
    select * replace (all_ways_key as stratum_key) from placed
)

select
    stratum_key,
    clinic_id,
    sum(maturity_sum) as maturity_sum,
    cast(sum(maturity_sessions) as bigint) as maturity_sessions
from ways
group by stratum_key, clinic_id
