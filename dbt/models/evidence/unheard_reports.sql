-- Reports that no rate can count: they name no session of their patient, or they were refused. A refused report's own
-- time is not known, so it stands in the month in which it came.
with unlinked as (
    select
        clinic_id,
        month,
        patient_key,
        count(*) as events
    from {{ ref("counted_adverse_events") }}
    where session_key is null
    group by clinic_id, month, patient_key
),

clinics as (
    select clinic_id, time_zone from {{ ref("clinics") }}
),

refused as (
    select
        clinics.clinic_id,
        {{ month_of(clinic_local_time("dispositions.received_at", "clinics.time_zone", "null")) }} as month
    from {{ ref("stg_dispositions") }} as dispositions
    inner join clinics using (clinic_id)
    where
        dispositions.event_type = 'adverse_event.reported'
        and dispositions.disposition = 'quarantined'
        and not dispositions.is_test
        and {{ is_closed("cast(dispositions.received_at as date)") }}
),

counted as (
    select clinic_id, month, events, 1 as patients, 0 as refused from unlinked
    union all
    select clinic_id, month, 0 as events, 0 as patients, 1 as refused from refused
)

select
    clinic_id,
    month,
    cast(sum(events) as bigint) as events_unlinked,
    cast(sum(patients) as bigint) as patients_with_unlinked_event,
    cast(sum(refused) as bigint) as reports_quarantined
from counted
group by clinic_id, month
