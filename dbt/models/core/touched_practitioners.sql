{{ config(materialized="incremental", incremental_strategy="append") }}
-- Practitioners who are not what they were in the last build.
with states as (
    select * from {{ ref("practitioner_states") }}
)

select clinic_id, practitioner_id
from states
{% if is_increment() %}
    anti join core.last_practitioner_states using (clinic_id, practitioner_id, state)
{% else %}
    where false
{% endif %}
