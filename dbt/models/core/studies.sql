select
    study_id,
    reference_arm
from {{ registry_table("studies") }}
