-- Lists of points are kept as numbers: a hundred million needles have a few hundred points.
select
    code as point_code,
    cast(row_number() over (order by code) as usmallint) as number
from {{ ref("acupuncture_points") }}
