with techniques as (
    select * from {{ ref("session_techniques") }}
),

levels as (
    select * from {{ ref("exposure_levels") }}
    where exposure = 'technique'
)

select
    {{ session_key("techniques") }} as session_key,
    bit_or(cast(1 as bigint) << levels.number) as technique_set
from techniques
inner join levels on techniques.technique = levels.level
group by {{ session_key("techniques") }}
