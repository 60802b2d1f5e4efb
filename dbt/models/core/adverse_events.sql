{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
with linked as (
    select * from {{ of_touched_patients("adverse_event_cases") }}
),

sessions as (
    select * from {{ of_touched_patients("sessions") }}
),

needle_links as (
    select * from {{ of_touched_patients("adverse_event_needles") }}
),

terms as (
    select * from {{ ref("adverse_event_terms") }}
),

severities as (
    select * from {{ ref("severities") }}
),

regions as (
    select code from {{ ref("body_regions") }}
)

select
    linked.clinic_id,
    linked.event_id,
    linked.patient_id,
    linked.case_id,
    linked.named_session_id,
    sessions.session_id,
    sessions.session_key,
    {{ patient_key("linked") }} as patient_key,
    coalesce(terms.code, 'unlisted') as term,
    coalesce(terms."group", 'unlisted') as term_group,
    coalesce(terms.scope, 'unlisted') as scope,
    coalesce(terms."group" = 'positive_reaction', false) as is_positive_reaction,
    coalesce(cast(terms.asking_dependent as boolean), true) as asking_dependent,
    coalesce(severities.code, 'not_recorded') as severity,
    {{ is_serious("linked") }} as is_serious,
    if({{ is_serious("linked") }}, coalesce(linked.serious_since, linked.reported_at), null) as serious_since,
    linked.seriousness_criteria,
    linked.causality,
    linked.outcome,
    linked.actions,
    linked.reported_by,
    linked.is_expected,
    needle_links.position as needle_position,
    needle_links.depth_mm as needle_depth_mm,
    needle_links.gauge_mm as needle_gauge_mm,
    case
        when sessions.session_id is null then 'unlinked'
        when needle_links.position is not null then 'needle'
        when coalesce(needle_links.region, regions.code) is not null then 'region'
        else 'session'
    end as link,
    coalesce(needle_links.region, regions.code) as region,
    linked.technique,
    linked.onset_at,
    date_diff('minute', sessions.began_at, linked.onset_at) / 60.0 as onset_hours,
    linked.resolved_at,
    linked.reported_at,
    linked.received_at,
    linked.reports,
    linked.follow_ups,
    linked.followed_up_at,
    coalesce(sessions.local_date, linked.local_date) as local_date,
    coalesce(sessions.month, linked.month) as month,
    coalesce(sessions.ae_screen_method, 'unlinked') as ae_screen_method,
    cast(linked.reported_at as date) - sessions.local_date as reporting_delay_days
from linked
left join sessions using (clinic_id, patient_id, session_id)
left join needle_links
    on
        linked.clinic_id = needle_links.clinic_id
        and linked.event_id = needle_links.event_id
        and linked.reported_term is not distinct from needle_links.reported_term
left join terms on linked.term = terms.code
left join severities on linked.severity = severities.code
left join regions on linked.region = regions.code
