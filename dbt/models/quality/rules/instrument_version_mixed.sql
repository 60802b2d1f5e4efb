with scores as (
    select * from {{ ref("outcomes") }}
    where instrument_version is not null
),

compared as (
    select
        *,
        first_value(instrument_version) over as_measured as first_version,
        row_number() over as_measured as position
    from scores
    window
        as_measured as (
            partition by clinic_id, patient_id, instrument
            order by month, recorded_at
        )
)

select
    clinic_id,
    event_id,
    'instrument_version_mixed' as code,
    instrument_version <> first_version as is_broken
from compared
where position > 1
