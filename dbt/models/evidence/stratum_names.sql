with profiles as (
    select * from {{ ref("stratum_profiles") }}
)

select distinct stratum_key, stratifier, stratum, asking, ae_screen_method from profiles
union all
select distinct all_ways_key as stratum_key, stratifier, stratum, asking, 'all' as ae_screen_method from profiles
