-- A local event counts at one region, one depth and one diameter, or at none; and at as many techniques as its session
-- had.
with exposures as (
    select * from {{ ref("event_exposures") }}
),

events as (
    select * from {{ ref("counted_adverse_events") }}
    where is_ascertained
),

counted as (
    select
        clinic_id,
        event_id,
        count(*) filter (where exposures.exposure = 'region') as regions,
        count(*) filter (where exposures.exposure = 'depth_band') as depths,
        count(*) filter (where exposures.exposure = 'gauge_band') as gauges,
        count(*) filter (where exposures.exposure = 'technique') as techniques
    from events
    left join exposures using (clinic_id, event_id)
    group by clinic_id, event_id
)

select events.clinic_id, events.event_id
from events
inner join counted using (clinic_id, event_id)
where
    counted.techniques = 0
    or (events.scope = 'local' and (counted.regions, counted.depths, counted.gauges) <> (1, 1, 1))
    or least(counted.regions, counted.depths, counted.gauges) = 0
