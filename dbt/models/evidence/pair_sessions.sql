{%- set blocks = blocks_of_points() -%}
with sessions as (
    select stratum_number, marks from {{ ref("session_marks") }}
),

-- What sessions have of two blocks, or of one, has few combinations.
combinations as (
    {%- for first in blocks %}
        {%- for second in blocks if second >= first %}
            {{ "union all" if first + second > 0 }}
            select
                stratum_number,
                {{ block_pair(first, second) }} as blocks,
                marks & {{ bits_of_blocks(first, second) }} as marks,
                count(*) as sessions
            from sessions
            group by stratum_number, marks & {{ bits_of_blocks(first, second) }}
        {%- endfor %}
    {%- endfor %}
),

pairs as (
    select * from {{ ref("pairs_of_places") }}
),

strata as (
    select stratum_number, len(codes) as points from {{ ref("paired_points") }}
),

counted as (
    select combinations.stratum_number, pairs.pair, sum(combinations.sessions) as sessions
    from combinations
    inner join pairs using (blocks)
    where combinations.marks & pairs.bits = pairs.bits
    group by combinations.stratum_number, pairs.pair
)

select
    strata.stratum_number,
    pairs.pair,
    cast(coalesce(counted.sessions, 0) as bigint) as sessions
from strata
inner join pairs on strata.points > pairs.place_b
left join counted using (stratum_number, pair)
-- So many pairs are told, and all that share the last place: patients tell these apart.
qualify
    rank() over (partition by strata.stratum_number order by coalesce(counted.sessions, 0) desc)
    <= {{ pairs_of_a_stratum() }}
