-- The points of a stratum that are told in pairs, by their places in the order of the codes, and for each number of a
-- point the bit of its place.
with frequent as (
    select *, row_number() over (partition by grouping_kind, stratum order by point_code) - 1 as place
    from {{ ref("point_frequencies") }}
    where rank <= {{ paired_points_of_a_stratum() }}
),

strata as (
    select grouping_kind, stratum, stratum_number from {{ ref("point_strata") }}
),

points as (
    select point_code, number from {{ ref("numbered_points") }}
)

select
    strata.grouping_kind,
    strata.stratum,
    strata.stratum_number,
    list(frequent.point_code order by frequent.place) filter (where frequent.place is not null) as codes,
    list(coalesce(1 << cast(frequent.place as integer), 0) order by points.number) as bits
from strata
cross join points
left join frequent
    on
        strata.grouping_kind = frequent.grouping_kind
        and strata.stratum = frequent.stratum
        and points.point_code = frequent.point_code
group by strata.grouping_kind, strata.stratum, strata.stratum_number
having count(frequent.place) > 0
