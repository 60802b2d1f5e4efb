{%- set sums = ["sessions", "events", "sessions_with_event", "needles", "events_with_needles"] -%}
with tallies as (
    select * from {{ ref("stratum_tallies") }}
    where clustering = 'patient' and clinic_key is not null
),

clinics as (
    select distinct stratum as clinic_id, hash(stratum) as clinic_key from {{ ref("stratum_names") }}
    where stratifier = 'clinic'
),

names as (
    select * from {{ ref("stratum_names") }}
),

maturities as (
    select * from {{ ref("stratum_maturities") }}
),

counted as (
    select
        stratum_key,
        clinic_key,
        {%- for column in sums %}
            cast(sum({{ column }}) as bigint) as {{ column }},
        {%- endfor %}
        cast(sum(cells) as bigint) as patients,
        cast(sum(cells_with_event) as bigint) as patients_with_event,
        cast(sum(cells_needled) as bigint) as patients_needled
    from tallies
    group by stratum_key, clinic_key
)

select
    names.stratifier,
    names.stratum,
    names.asking,
    names.ae_screen_method,
    clinics.clinic_id,
    counted.* exclude (stratum_key, clinic_key),
    maturities.maturity_sum,
    maturities.maturity_sessions
from counted
inner join names using (stratum_key)
inner join clinics using (clinic_key)
inner join maturities using (stratum_key, clinic_id)
