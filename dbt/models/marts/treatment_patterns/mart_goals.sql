with goals as (
    select * from {{ ref("patient_goals") }}
),

by_patient as (
    select
        goal,
        clinic_id,
        patient_id,
        cast(attainment is not null as integer) as patients_judged,
        cast(coalesce(attainment = -2, false) as integer) as much_less_than_expected,
        cast(coalesce(attainment = -1, false) as integer) as less_than_expected,
        cast(coalesce(attainment = 0, false) as integer) as as_expected,
        cast(coalesce(attainment = 1, false) as integer) as more_than_expected,
        cast(coalesce(attainment = 2, false) as integer) as much_more_than_expected
    from goals
),

counted as (
    {{ counted_by_cell("by_patient", ["goal"], [
        "patients_judged", "much_less_than_expected", "less_than_expected", "as_expected", "more_than_expected",
        "much_more_than_expected",
    ]) | indent(4) }}
),

with_goals as (
    select distinct clinic_id, patient_id from goals
),

network as (
    {{ counted_by_cell("with_goals", [], [], "network_") | indent(4) }}
)

select
    counted.goal,
    network.patients,
    counted.patients as patients_with_goal,
    counted.patients / network.patients as patient_share,
    cast(counted.patients_judged as bigint) as patients_judged,
    cast(counted.much_less_than_expected as bigint) as much_less_than_expected,
    cast(counted.less_than_expected as bigint) as less_than_expected,
    cast(counted.as_expected as bigint) as as_expected,
    cast(counted.more_than_expected as bigint) as more_than_expected,
    cast(counted.much_more_than_expected as bigint) as much_more_than_expected,
    cast(counted.as_expected + counted.more_than_expected + counted.much_more_than_expected as bigint) as reached,
    (counted.as_expected + counted.more_than_expected + counted.much_more_than_expected)
    / nullif(counted.patients_judged, 0) as reached_share,
    counted.clinics,
    counted.largest_clinic_share,
    network.network_clinics,
    network.network_largest_clinic_share
from counted
cross join network
