with sessions as (
    select * from {{ consenting("session_stricta", "quality_and_safety") }}
    where {{ is_closed("local_date") }}
),

reporting as (
    select * from {{ ref("stricta_reporting") }}
),

by_item as (
    {{ stricta_by_item("sessions") | indent(4) }}
)

select
    by_item.clinic_id,
    by_item.item,
    reporting.title,
    by_item.sessions,
    by_item.sessions_that_say_it,
    by_item.sessions_that_say_it / by_item.sessions as share,
    reporting.published_share,
    reporting.published_trials,
    by_item.patients,
    by_item.patients_of_sessions_that_say_it
from by_item
inner join reporting using (item)
where by_item.sessions > 0
