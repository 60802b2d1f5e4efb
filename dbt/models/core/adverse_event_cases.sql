{{ config(materialized="incremental", incremental_strategy="touched", unique_key=["clinic_id", "patient_id"]) }}
-- Reports and follow-ups of one case and term are one event. Of each attribute the last thing that was said holds; of
-- sessions the last that is known.
with reports as (
    select * from {{ of_touched_patients("adverse_event_reports") }}
)

select
    clinic_id,
    patient_id,
    case_id,
    reported_term,
    max_by(event_id, said_order) filter (where not is_follow_up) as event_id,
    {%- for column in [
        "term", "session_id", "severity", "says_serious", "onset_at", "causality", "needle", "point_code",
        "region", "side", "technique", "outcome", "resolved_at", "reported_by", "is_expected"
    ] %}
        max_by({{ column }}, said_order) filter (where {{ column }} is not null) as {{ column }},
    {%- endfor %}
    max_by(named_session_id, said_order) filter (where not is_follow_up) as named_session_id,
    list_sort(list_distinct(flatten(list(seriousness_criteria)))) as seriousness_criteria,
    list_sort(list_distinct(flatten(list(actions)))) as actions,
    min(occurred_at) filter (where is_serious) as serious_since,
    min(said_at) as reported_at,
    min(received_at) as received_at,
    min(said_at) filter (where is_follow_up) as followed_up_at,
    count(*) filter (where not is_follow_up) as reports,
    count(*) filter (where is_follow_up) as follow_ups,
    max_by(local_date, said_order) filter (where not is_follow_up) as local_date,
    max_by(month, said_order) filter (where not is_follow_up) as month
from reports
group by clinic_id, patient_id, case_id, reported_term
