-- What each statement says of the last day on which the credential was good; a word that is no status says nothing.
with stated as (
    select
        *,
        local_date as recorded_on,
        case
            when status = 'lapsed' then coalesce(valid_until, local_date - 1)
            when status in ('inactive', 'suspended', 'revoked', 'surrendered') then least(valid_until, local_date - 1)
            else valid_until
        end as good_until
    from {{ current_credentials() }}
    where practitioner_id is not null and valid_from is not null
),

practitioners as (
    select * from {{ ref("practitioner_registrations") }}
),

-- A span that is stated again replaces what was said of it.
spans as (
    select *
    from stated
    qualify
        row_number() over (
            partition by clinic_id, practitioner_id, credential, credential_key, valid_from
            order by said_order desc
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
            and spans.said_order < stated.said_order
            and spans.valid_from <= stated.valid_from
    where stated.status in ('lapsed', 'inactive', 'suspended', 'revoked', 'surrendered')
    group by spans.clinic_id, spans.event_id
),

kinds as (
    select code from {{ ref("credentials") }}
),

titles as (
    select code from {{ ref("practitioner_titles") }}
)

select
    spans.clinic_id,
    spans.event_id,
    practitioners.practitioner_key,
    spans.practitioner_id,
    coalesce(kinds.code, 'unlisted') as credential,
    {{ authorises_practice("spans.credential") }} as authorises_practice,
    coalesce(titles.code, if(spans.title is null, null, 'unlisted')) as title,
    spans.issuer,
    spans.credential_key,
    spans.jurisdiction,
    spans.status,
    spans.valid_from,
    least(spans.good_until, withdrawn.withdrawn_after) as valid_until,
    spans.recorded_on,
    spans.received_at,
    spans.said_order
from spans
left join withdrawn using (clinic_id, event_id)
left join practitioners using (clinic_id, practitioner_id)
left join kinds on spans.credential = kinds.code
left join titles on spans.title = titles.code
