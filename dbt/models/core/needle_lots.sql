with stated as (
    select * from {{ current_events("stg_needle_lots", about="everybody") }}
    where lot is not null
)

select
    clinic_id,
    lot,
    manufacturer,
    max_by(gauge_mm, said_order) filter (where gauge_mm is not null) as gauge_mm,
    max_by(length_mm, said_order) filter (where length_mm is not null) as length_mm,
    max_by(material, said_order) filter (where material is not null) as material,
    max_by(sterile_until, said_order) filter (where sterile_until is not null) as sterile_until,
    min(local_date) filter (where not is_recall) as received_on,
    min(occurred_at) filter (where is_recall) as recall_known_at
from stated
group by clinic_id, lot, manufacturer
