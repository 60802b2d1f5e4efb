select *
from {{ ref("mart_point_pairs") }}
where
    sessions > least(sessions_with_a, sessions_with_b)
    or patients_with_both > least(patients_with_a, patients_with_b)
    or patients_in_one_session > patients_with_both
    or stratum_sessions < greatest(sessions_with_a, sessions_with_b)
    or point_a >= point_b
