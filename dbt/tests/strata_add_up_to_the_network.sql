-- Of stratifiers of which a session has one: nothing is lost and nothing counts twice, in whatever way it was asked.
with sums as (
    select
        stratifier,
        asking,
        ae_screen_method,
        sum(sessions) as sessions,
        sum(events) as events,
        sum(sessions_with_event) as sessions_with_event,
        sum(needles) as needles,
        sum(sessions_too_early) as sessions_too_early
    from {{ ref("mart_safety_by_stratum") }}
    group by stratifier, asking, ae_screen_method
),

network as (
    select * from sums
    where stratifier = 'network'
),

differing as (
    select sums.*
    from sums
    inner join network using (asking, ae_screen_method)
    where
        sums.sessions <> network.sessions
        or sums.events <> network.events
        or sums.sessions_with_event <> network.sessions_with_event
        or sums.needles <> network.needles
        or sums.sessions_too_early <> network.sessions_too_early
),

counted as (
    select
        (select count(*) from {{ ref("ascertained_sessions") }}) as sessions,
        (
            select coalesce(sum(sessions + sessions_too_early), 0) from network
            where ae_screen_method = 'all')
            as sessions_of_network
)

select stratifier, asking, ae_screen_method from differing
union all
select 'network' as stratifier, 'whatever' as asking, 'whatever' as ae_screen_method from counted
where sessions <> sessions_of_network
