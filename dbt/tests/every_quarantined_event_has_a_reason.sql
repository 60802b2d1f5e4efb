select *
from {{ ref("stg_dispositions") }}
where disposition = 'quarantined' and len(reasons) = 0
