with sessions as (
    select * from {{ ref("sessions") }}
),

counted as (
    select
        clinic_id,
        local_date as day,
        count(*) as sessions,
        count(*) filter (where needles_inserted <> needles_removed + coalesce(needles_left_in, 0)) as unaccounted,
        count(*) filter (where needles_inserted is not null and needles_removed is not null) as both_counted,
        count(*) filter (where not is_licensed) as unlicensed,
        count(is_licensed) as licence_known,
        count(*) filter (where ae_screen_method in ('not_asked', 'spontaneous', 'not_recorded')) as not_asked
    from sessions
    group by clinic_id, local_date
)

select clinic_id, day, 'needles_unaccounted' as check_id, unaccounted as numerator, both_counted as denominator
from counted
union all
select clinic_id, day, 'licence_lapsed' as check_id, unlicensed as numerator, licence_known as denominator
from counted
union all
select clinic_id, day, 'licence_unknown' as check_id, sessions - licence_known as numerator, sessions as denominator
from counted
union all
select clinic_id, day, 'ae_not_asked' as check_id, not_asked as numerator, sessions as denominator
from counted
