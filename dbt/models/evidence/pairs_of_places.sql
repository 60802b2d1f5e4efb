{%- set blocks = block_pair("a.place // 6", "b.place // 6") -%}
with places as (
    select cast(unnest(range({{ paired_points_of_a_stratum() }})) as integer) as place
)

select
    cast(a.place * {{ paired_points_of_a_stratum() }} + b.place as usmallint) as pair,
    cast(a.place as utinyint) as place_a,
    cast(b.place as utinyint) as place_b,
    (1 << a.place) | (1 << b.place) as bits,
    cast({{ blocks }} as utinyint) as blocks,
    cast(a.place % 6 * 8 + b.place % 6 as utinyint) as bit
from places as a
inner join places as b on a.place < b.place
