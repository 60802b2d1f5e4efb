with due as (
    select * from {{ ref("adverse_events") }}
    where is_serious and serious_since + interval 15 day <= {{ as_of() }}
),

followed_up as (
    select distinct clinic_id, patient_id, case_id
    from {{ current_events("stg_follow_ups", about="everybody") }}
)

select
    due.clinic_id,
    due.event_id,
    'serious_without_follow_up' as code,
    followed_up.case_id is null as is_broken
from due
left join followed_up
    on
        due.clinic_id = followed_up.clinic_id
        and due.patient_id = followed_up.patient_id
        and due.case_id = followed_up.case_id
