with plain as (
    select * from {{ ref("stratum_cells") }}
    where is_plain
),

mixed_pairs as (
    select * from {{ ref("mixed_cells") }}
),

-- A patient of several practitioners is taken for one of the one with the most sessions.
mixed_patients as (
    select
        stratum_key,
        patient_key,
        min(clinic_key) as clinic_key,
        max_by(practitioner_key, row(sessions, practitioner_key)) as practitioner_key,
        {{ sums_of_sums() }}
    from mixed_pairs
    group by stratum_key, patient_key
),

all_ways as (
    select distinct stratum_key, all_ways_key from {{ ref("stratum_profiles") }}
),

of_plain as (
    {{ tallied_cells("plain") | indent(4) }}
),

of_both as (
    select * from of_plain
    union all
    select of_plain.* replace (all_ways.all_ways_key as stratum_key)
    from of_plain
    inner join all_ways using (stratum_key)
),

of_pairs as (
    {{ tallied_cells("mixed_pairs") | indent(4) }}
),

of_patients as (
    {{ tallied_cells("mixed_patients") | indent(4) }}
),

tallies as (
    select 'patient' as clustering, * from of_both
    union all by name
    select 'pair' as clustering, * from of_both
    union all by name
    select 'patient' as clustering, * from of_patients
    union all by name
    select 'pair' as clustering, * from of_pairs
)

select
    clustering,
    stratum_key,
    clinic_key,
    practitioner_key,
    cell_sessions,
    cell_events,
    cell_sessions_with_event,
    cell_needles,
    cell_events_with_needles,
    sessions,
    events,
    sessions_with_event,
    needles,
    events_with_needles,
    cells,
    cells_with_event,
    cells_needled
from tallies
