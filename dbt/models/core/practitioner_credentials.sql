-- What each statement says of the last day on which the credential was good; a word that is no status says nothing.
with stated as (
    select
        *,
        case
            when status = 'lapsed' then coalesce(valid_until, recorded_on - 1)
            when status in ('inactive', 'suspended', 'revoked') then least(valid_until, recorded_on - 1)
            else valid_until
        end as good_until
    from {{ ref("stg_credentials") }}
    where practitioner_id is not null and valid_from is not null
),

-- A span that is stated again replaces what was said of it.
spans as (
    select *
    from stated
    qualify
        row_number() over (
            partition by clinic_id, practitioner_id, credential, credential_key, valid_from
            order by arrival_order desc
        ) = 1
),

-- A suspension that names a later first day than the span itself still ends the span.
withdrawn as (
    select
        spans.clinic_id,
        spans.event_id,
        min(stated.good_until) as withdrawn_after
    from spans
    inner join stated
        on
            spans.clinic_id = stated.clinic_id
            and spans.practitioner_id = stated.practitioner_id
            and spans.credential_key is not distinct from stated.credential_key
            and spans.arrival_order < stated.arrival_order
            and spans.valid_from <= stated.valid_from
    where stated.status in ('lapsed', 'inactive', 'suspended', 'revoked')
    group by spans.clinic_id, spans.event_id
)

select
    spans.clinic_id,
    spans.event_id,
    spans.practitioner_id,
    spans.credential,
    spans.issuer,
    spans.credential_key,
    spans.status,
    spans.valid_from,
    least(spans.good_until, withdrawn.withdrawn_after) as valid_until,
    spans.recorded_on
from spans
left join withdrawn using (clinic_id, event_id)
