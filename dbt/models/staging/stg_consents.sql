{{ config(materialized="incremental", incremental_strategy="read_anew", unique_key=["clinic_id", "event_id"]) }}
select
    clinic_id,
    event_id,
    month,
    event_type = 'consent.withdrawn' as is_withdrawal,
    {{ json_texts("purposes[*]") }} as purposes,
    {{ json_date("valid_until") }} as valid_until
from {{ events_of(["consent.given", "consent.withdrawn"]) }}
