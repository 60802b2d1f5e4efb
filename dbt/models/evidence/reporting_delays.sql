with counted_events as (
    select ae_screen_method, delay_days, age_days from {{ ref("counted_adverse_events") }}
    where session_key is not null
),

delays as (
    {{ reporting_delays("counted_events", ["ae_screen_method"]) }}
)

select
    ae_screen_method,
    delay_days,
    known
from delays
