with dispositions as (
    select
        dispositions.clinic_id,
        cast({{ clinic_local_time("dispositions.received_at", "clinics.time_zone", "0") }} as date) as day,
        dispositions.disposition,
        len(dispositions.reasons) > 0 as has_reasons
    from {{ ref("stg_dispositions") }} as dispositions
    left join {{ ref("stg_clinics") }} as clinics using (clinic_id)
    where not dispositions.is_test
),

counted as (
    select
        clinic_id,
        day,
        count(*) as received,
        count(*) filter (where disposition = 'accepted') as accepted,
        count(*) filter (where disposition = 'accepted' and has_reasons) as flagged,
        count(*) filter (where disposition = 'quarantined') as refused,
        count(*) filter (where disposition = 'duplicate') as duplicates
    from dispositions
    group by clinic_id, day
)

select clinic_id, day, 'refused_share' as check_id, refused as numerator, received as denominator from counted
union all
select clinic_id, day, 'flagged_share' as check_id, flagged as numerator, accepted as denominator from counted
union all
select clinic_id, day, 'duplicate_share' as check_id, duplicates as numerator, received as denominator from counted
