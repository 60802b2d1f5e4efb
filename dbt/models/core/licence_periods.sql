-- By every credential of the person that authorises practice, in whatever clinic it was recorded: between two days on
-- which one of them begins or ends all days are alike. Who has none recorded has no period.
with credentials as (
    select * from {{ ref("practitioner_credentials") }}
    where authorises_practice and practitioner_key is not null
),

turns as (
    select practitioner_key, date '0001-01-01' as valid_from from credentials
    union
    select practitioner_key, valid_from from credentials
    union
    select practitioner_key, valid_until + 1 as valid_from from credentials
    where valid_until is not null
),

periods as (
    select
        practitioner_key,
        valid_from,
        lead(valid_from, 1, date '9999-12-31') over (
            partition by practitioner_key
            order by valid_from
        ) as valid_until
    from turns
),

judged as (
    select
        periods.practitioner_key,
        periods.valid_from,
        periods.valid_until,
        periods.valid_from >= credentials.valid_from
        and (credentials.valid_until is null or periods.valid_from <= credentials.valid_until) as is_valid,
        credentials.credential,
        credentials.title,
        row(credentials.valid_from, credentials.said_order) as precedence
    from periods
    inner join credentials using (practitioner_key)
)

select
    practitioner_key,
    valid_from,
    valid_until,
    bool_or(is_valid) as is_licensed,
    max_by(credential, precedence) filter (where is_valid) as credential,
    max_by(title, precedence) filter (where is_valid and title is not null) as title
from judged
group by practitioner_key, valid_from, valid_until
