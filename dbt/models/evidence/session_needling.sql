with needles as (
    select * from {{ ref("needles") }}
),

stimulations as (
    select code from {{ ref("stimulations") }}
),

kinds as (
    select
        code,
        case
            when code in ('none', 'electrical', 'warm_needle') then code
            else 'by_hand'
        end as kind
    from stimulations
)

select
    needles.clinic_id,
    needles.patient_id,
    needles.session_id,
    count(*) as needles_listed,
    coalesce(list_sort(list_distinct(list(needles.point_code))), []) as points,
    count(needles.stimulation) as stimulations_said,
    count(*) filter (where kinds.kind = 'none') as needles_unstimulated,
    count(*) filter (where kinds.kind = 'by_hand') as needles_stimulated_by_hand,
    count(*) filter (where kinds.kind = 'electrical') as needles_stimulated_electrically,
    count(*) filter (where kinds.kind = 'warm_needle') as needles_warmed,
    bool_and(needles.point_code is not null or needles.region is not null) as says_points,
    bool_and(needles.depth_mm is not null or needles.tissue_level is not null) as says_depth,
    bool_and(needles.response_sought is not null or needles.de_qi is not null) as says_response,
    bool_and(needles.stimulation is not null) as says_stimulation,
    bool_and(needles.retention_min is not null) as says_retention,
    bool_and(
        needles.gauge_mm is not null
        or needles.length_mm is not null
        or needles.manufacturer is not null
        or needles.material is not null
    ) as says_needle_type
from needles
left join kinds on needles.stimulation = kinds.code
group by needles.clinic_id, needles.patient_id, needles.session_id
