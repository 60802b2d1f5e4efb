{{ config(materialized="incremental", incremental_strategy="read_anew", unique_key=["clinic_id", "event_id"]) }}
select
    clinic_id,
    event_id,
    month,
    coalesce(
        {{ json_integer("birth_year", 1850, 2200) }},
        extract(year from local_date) - {{ json_number("age_years", 0, 130) }}
    ) as birth_year,
    coalesce(
        {{ json_number("age_years", 0, 130) }},
        extract(year from local_date) - {{ json_integer("birth_year", 1850, 2200) }}
    ) as age_years,
    {{ json_text("sex") }} as sex,
    {{ json_boolean("already_in_care") }} as already_in_care,
    {{ json_boolean("first_time_acupuncture") }} as first_time_acupuncture,
    {{ json_text("study.id") }} as study_id,
    {{ json_text("study.arm") }} as study_arm,
    {{ json_texts("risk_factors[*]") }} as risk_factors
from {{ events_of(["patient.enrolled"]) }}
