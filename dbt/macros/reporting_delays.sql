{#-
How much of what will be reported is reported within so many days: a row for each delay that was seen, and the share
`known` by then, rising to 1 at the longest. From a relation with a row an event: `delay`, whole days from its index
session to its report; `age`, whole days from the index session to the moment that the release speaks of.

    delays as (
        {{ reporting_delays("counted_events", ["ae_screen_method"]) }}
    ),

    matured as (
        select sessions.*, coalesce(delays.known, 0) as maturity
        from sessions
        asof left join delays
            on sessions.ae_screen_method = delays.ae_screen_method and sessions.age_days >= delays.delay_days
    )

The maturity of a period is the mean of its sessions'. A stratum without any event has no row: join it to none, and say
that its maturity is unknown. `strata` may be empty. The method (right-truncated, in reverse time: Lagakos 1988) and its
source are in safety_statistics/reporting_delays.py, which computes the same.
-#}
{% macro reporting_delays(relation, strata=[], delay="delay_days", age="age_days") -%}
    {%- set columns = strata | join(", ") ~ (", " if strata else "") -%}
    {%- set of_stratum = "partition by " ~ (strata | join(", ")) ~ " " if strata else "" -%}
    with seen as (
        select {{ columns }}{{ delay }} as delay, {{ age }} as age
        from {{ relation }}
        where {{ delay }} between 0 and {{ age }}
    ),

    -- Each event twice: on the day of its report, and on the last day on which it could have been seen.
    turns as (
        select {{ columns }}delay as days, 1 as reported, 0 as ended from seen
        union all
        select {{ columns }}age as days, 0 as reported, 1 as ended from seen
    ),

    daily as (
        select {{ columns }}days, sum(reported) as reported, sum(ended) as ended
        from turns
        group by {{ columns }}days
    ),

    at_risk as (
        select
            {{ columns }}days,
            reported,
            sum(reported) over ({{ of_stratum }}order by days)
            - coalesce(sum(ended) over earlier, 0) as events_at_risk
        from daily
        window earlier as ({{ of_stratum }}order by days rows between unbounded preceding and 1 preceding)
    ),

    remaining as (
        select {{ columns }}days, 1 - cast(reported as double) / events_at_risk as share
        from at_risk
        where reported > 0
    )

    select
        {{ columns }}days as delay_days,
        case
            when min(share) over longer = 0 then 0
            else coalesce(exp(sum(ln(nullif(share, 0))) over longer), 1)
        end as known
    from remaining
    window longer as ({{ of_stratum }}order by days rows between 1 following and unbounded following)
{%- endmacro %}
