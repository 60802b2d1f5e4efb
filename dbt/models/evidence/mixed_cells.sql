-- Of patients with several practitioners, or ways of asking: each way, and all together.
with cells as (
    select * from {{ ref("stratum_cells") }}
    where not is_plain
),

all_ways as (
    select distinct stratum_key, all_ways_key from {{ ref("stratum_profiles") }}
),

ways as (
    select * from cells
    union all
    select cells.* replace (all_ways.all_ways_key as stratum_key)
    from cells
    inner join all_ways using (stratum_key)
)

select
    stratum_key,
    practitioner_key,
    patient_key,
    min(clinic_key) as clinic_key,
    {{ sums_of_sums() }}
from ways
group by stratum_key, practitioner_key, patient_key
