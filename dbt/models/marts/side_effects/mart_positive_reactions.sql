-- Pleasant passing reactions are no adverse events and stand apart; over the sessions that asked in the same way.
with reactions as (
    select * from {{ consenting("adverse_events", "quality_and_safety") }}
    where is_positive_reaction and {{ is_closed("local_date") }}
),

sessions as (
    select session_key, ae_screen_method, clinic_id, patient_key from {{ ref("ascertained_sessions") }}
    where is_ascertained
),

patients as (
    select ae_screen_method, clinic_id, patient_key, count(*) as sessions
    from sessions
    group by ae_screen_method, clinic_id, patient_key
),

everyone as (
    {{ over_clinics("patients", "ae_screen_method", ["sessions"]) }}
),

linked as (
    select
        reactions.term,
        reactions.clinic_id,
        sessions.ae_screen_method,
        sessions.patient_key,
        count(*) as reactions,
        count(distinct sessions.session_key) as sessions_with_reaction
    from reactions
    inner join sessions on reactions.session_key = sessions.session_key
    group by reactions.term, reactions.clinic_id, sessions.ae_screen_method, sessions.patient_key
),

counted as (
    {{ over_clinics("linked", "term, ae_screen_method", ["reactions", "sessions_with_reaction"],
        "patients_with_reaction", "clinics_with_reaction", "largest_clinic_share_with_reaction") }}
)

select
    counted.term,
    counted.ae_screen_method,
    counted.reactions,
    counted.sessions_with_reaction,
    counted.patients_with_reaction,
    everyone.sessions,
    everyone.patients,
    counted.sessions_with_reaction / everyone.sessions as share_of_sessions_with_reaction,
    {{ exact_columns("share_of_sessions_with_reaction", "counted.sessions_with_reaction", "everyone.sessions", "share",
        1.0) }},
    everyone.clinics,
    everyone.largest_clinic_share,
    counted.clinics_with_reaction,
    counted.largest_clinic_share_with_reaction
from counted
inner join everyone using (ae_screen_method)
