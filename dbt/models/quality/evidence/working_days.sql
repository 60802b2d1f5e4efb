-- For every clinic, each day since its first session on which at least half of the other clinics worked: weekends and
-- public holidays count for nobody, and no clinic's own holiday counts against another. A clinic that sends its
-- history, oldest first, is not silent while it does.
with criteria as (
    select * from {{ ref("signal_criteria") }}
    where signal = 'silence'
),

worked as (
    select
        sessions.clinic_id,
        sessions.local_date as day,
        count(*) as sessions
    from {{ ref("sessions") }} as sessions
    cross join criteria
    where
        sessions.local_date < cast({{ as_of() }} as date)
        and sessions.local_date >= cast({{ as_of() }} as date) - cast(criteria.lookback_days as integer)
    group by sessions.clinic_id, sessions.local_date
),

arrived as (
    select clinic_id, max(cast(received_at as date)) as day
    from {{ ref("stg_events") }}
    where event_type = 'session.completed' and received_at <= {{ as_of() }}
    group by clinic_id
),

clinics as (
    select
        worked.clinic_id,
        min(worked.day) as first_day,
        greatest(max(worked.day), max(arrived.day)) as last_day,
        count(*) over () - 1 as other_clinics
    from worked
    left join arrived on worked.clinic_id = arrived.clinic_id
    group by worked.clinic_id
),

days as (
    select cast(unnest(generate_series(min(day), cast({{ as_of() }} as date) - 1, interval 1 day)) as date) as day
    from worked
),

calendar as (
    select
        days.day,
        count(worked.clinic_id) as working_clinics
    from days
    left join worked on days.day = worked.day
    group by days.day
)

select
    clinics.clinic_id,
    calendar.day,
    coalesce(worked.sessions, 0) as sessions,
    calendar.day > clinics.last_day as is_silent
from clinics
inner join calendar on clinics.first_day <= calendar.day
left join worked on clinics.clinic_id = worked.clinic_id and calendar.day = worked.day
where 2 * (calendar.working_clinics - if(worked.sessions is null, 0, 1)) >= clinics.other_clinics
