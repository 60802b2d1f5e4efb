{{ config(materialized="incremental", incremental_strategy="read_anew", unique_key=["clinic_id", "event_id"]) }}
select
    clinic_id,
    event_id,
    month,
    {{ json_text("practitioner_id") }} as practitioner_id,
    {{ json_text("credential") }} as credential,
    {{ json_text("issuer") }} as issuer,
    {{ fact_text("credential_key") }} as credential_key,
    {{ json_date("valid_from") }} as valid_from,
    {{ json_date("valid_until") }} as valid_until,
    coalesce({{ json_text("status") }}, 'active') as status,
    {{ json_text("title") }} as title,
    {{ json_text("jurisdiction") }} as jurisdiction,
    {{ json_texts("scopes[*]") }} as scopes,
    {{ json_texts("trainings[*].code") }} as trainings,
    {{ json_integer("practising_since_year", 1900, 2200) }} as practising_since_year
from {{ events_of(["practitioner.credential_recorded"]) }}
