with stated as (
    select * from {{ ref("stg_needle_lots") }}
    where lot is not null
)

select
    clinic_id,
    lot,
    manufacturer,
    max_by(sterile_until, arrival_order) filter (where sterile_until is not null) as sterile_until,
    min(recall_known_at) as recall_known_at
from stated
group by clinic_id, lot, manufacturer
