select
    study_id,
    reference_arm,
    registered_at
from {{ registry_table("studies") }}
