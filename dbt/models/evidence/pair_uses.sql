{%- set blocks = blocks_of_points() -%}
with sessions as (
    select * from {{ ref("session_marks") }}
),

pairs as (
    select frequent.stratum_number, pairs.*
    from {{ ref("pair_sessions") }} as frequent
    inner join {{ ref("pairs_of_places") }} as pairs using (pair)
),

patients as (
    select
        stratum_number,
        any_value(clinic_key) as clinic_key,
        {%- for first in blocks %}
            {%- for second in blocks if second >= first %}
                bit_or({{ pairs_of_blocks("marks", first, second) }}) as pairs_{{ first }}_{{ second }},
            {%- endfor %}
        {%- endfor %}
        bit_or(marks) as marks
    from sessions
    group by stratum_number, patient_key
)

{% for first in blocks %}
    {%- for second in blocks if second >= first %}
        {{ "union all" if first + second > 0 }}
        select
            stratum_number,
            patients.clinic_key,
            pairs.pair,
            count(*) as patients,
            cast(sum((patients.pairs_{{ first }}_{{ second }} >> pairs.bit) & 1) as bigint) as patients_in_one_session
        from patients
        inner join pairs using (stratum_number)
        where pairs.blocks = {{ block_pair(first, second) }} and patients.marks & pairs.bits = pairs.bits
        group by stratum_number, patients.clinic_key, pairs.pair
    {%- endfor %}
{%- endfor %}
