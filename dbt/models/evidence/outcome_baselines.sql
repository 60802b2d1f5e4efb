-- Time zero is the first treatment, or the baseline score where that came later: what becomes known after it is no
-- stratum of an outcome.
with baselines as (
    select * from {{ consenting("outcomes", "research") }}
    where month = 0 and {{ is_closed("recorded_on") }}
),

episodes as (
    select * from {{ ref("episodes") }}
    where {{ is_closed("first_session_on") }}
),

first_sessions as (
    select clinic_id, patient_id, episode_id, practitioner_key from {{ ref("sessions") }}
    where session_number = 1
),

placed as (
    select
        baselines.clinic_id,
        baselines.patient_id,
        baselines.patient_key,
        baselines.instrument,
        baselines.domain,
        baselines.value as baseline,
        baselines.recorded_on as baseline_on,
        episodes.episode_id,
        episodes.first_session_on,
        {{ has_ended("episodes.closed_on", "episodes.last_session_on") }} as has_ended
    from baselines
    left join episodes
        on
            baselines.clinic_id = episodes.clinic_id
            and baselines.patient_id = episodes.patient_id
            and {{ in_baseline_window("baselines.recorded_on", "episodes.first_session_on") }}
    qualify
        row_number() over (
            partition by baselines.patient_key, baselines.instrument
            order by abs(baselines.recorded_on - episodes.first_session_on), episodes.episode_id
        ) = 1
)

select
    placed.*,
    greatest(placed.baseline_on, placed.first_session_on) as time_zero_on,
    hash(coalesce(first_sessions.practitioner_key, concat('unnamed at ', placed.clinic_id))) as practitioner_key
from placed
left join first_sessions using (clinic_id, patient_id, episode_id)
