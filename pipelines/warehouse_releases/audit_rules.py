"""What must be true of every release, whatever the clinics sent: if it is not, the platform is at fault. Pure.

An empty mart breaks no rule, and no rule here judges a clinic: that is what the quality checks are for.
"""

from warehouse_releases.care_audit_rules import CARE_INVARIANTS, CARE_MART_RULES, DESIGNS
from warehouse_releases.mart_rule import MartRule
from warehouse_releases.safety_mart_rules import SAFETY_MART_RULES

QUALITY_STATUSES = ("pass", "pass_with_violations", "fail", "error", "not_applicable", "too_early")

# What would let a mart's reader tell patients or single events apart.
PERSONAL_COLUMNS = ("patient_id", "patient", "subject", "patient_reference", "session_id", "event_id", "case_id")


MART_RULES = {
    **SAFETY_MART_RULES,
    "mart_treatment_patterns": MartRule(
        key=("condition_group", "point_code"),
        counts=("sessions", "rank", "retention_min_mean"),
        shares=("share", "patient_share", "largest_clinic_share"),
        parts=(("sessions", "group_sessions"), ("patients_with_point", "patients")),
    ),
    "mart_outcome_by_arm": MartRule(
        key=("study", "arm", "instrument", "month"),
        counts=("n", "sd", "baseline_sd", "responders"),
        shares=("responder_share", "completion_share"),
        parts=(("responders", "n"), ("n", "patients_with_baseline")),
        words=DESIGNS,
    ),
    "mart_outcome_difference": MartRule(
        key=("study", "arm", "instrument", "month"),
        counts=("n",),
        shares=("completion_share",),
        intervals=(("ci_low", "difference", "ci_high"),),
        words=DESIGNS,
    ),
    "mart_data_quality": MartRule(
        key=("clinic_id", "day", "check_id"),
        counts=("numerator", "denominator"),
        words=(("status", QUALITY_STATUSES),),
    ),
    "mart_clinic_signals": MartRule(key=("signal", "clinic_id"), intervals=(("ratio_low", "ratio", "ratio_high"),)),
    "mart_quarantine_reasons": MartRule(key=("clinic_id", "event_type", "reason"), counts=("events",)),
    "mart_rule_findings": MartRule(
        key=("clinic_id", "month", "code"),
        counts=("events", "events_judged"),
        parts=(("events", "events_judged"),),
        words=(("decided_in", ("stream", "warehouse")), ("severity", ("critical", "major", "minor"))),
    ),
    **CARE_MART_RULES,
}

_CONSENTING = """(
    from core.{table}
    anti join (from core.consent_withdrawals where purpose = 'quality_and_safety') using (clinic_id, patient_id)
)"""
_CONSENTING_SESSIONS = _CONSENTING.format(table="sessions")
_CONSENTING_EVENTS = _CONSENTING.format(table="adverse_events")

# Each counts what is broken: rows that should not be there, or the difference of two sums that should be equal.
INVARIANTS = {
    "origins_with_two_dispositions": """
        select count(*) - count(distinct (origin_topic_id, origin_partition, origin_offset))
        from staging.stg_dispositions
    """,
    "dispositions_of_no_known_kind": """
        select count(*) from staging.stg_dispositions
        where disposition is null or disposition not in ('accepted', 'quarantined', 'duplicate', 'erased')
    """,
    "dispositions_that_the_lake_does_not_give": """
        with built as (
            select origin_topic_id, origin_partition, origin_offset, disposition from staging.stg_dispositions
        ),
        landed as (
            select origin_topic_id, origin_partition, origin_offset, disposition from temp.dispositions
        )
        select (select count(*) from (from built except from landed))
            + (select count(*) from (from landed except from built))
    """,
    "accepted_events_not_in_staging": """
        select abs(
            (select count(*) from staging.stg_dispositions where disposition = 'accepted' and not is_test)
            - (select count(*) from staging.stg_events)
        )
    """,
    "erased_events_that_say_something": """
        select count(*) from staging.stg_dispositions
        where disposition = 'erased' and (event_id <> '' or event_type is not null or len(reasons) > 0)
    """,
    "event_ids_accepted_twice": "select count(*) - count(distinct (clinic_id, event_id)) from staging.stg_events",
    "patients_twice": "select count(*) - count(distinct (clinic_id, patient_id)) from core.patients",
    "sessions_twice": "select count(*) - count(distinct (clinic_id, patient_id, session_id)) from core.sessions",
    "adverse_events_twice": "select count(*) - count(distinct (clinic_id, event_id)) from core.adverse_events",
    "needles_without_session": """
        select count(*) from core.needles anti join core.sessions using (clinic_id, patient_id, session_id)
    """,
    "adverse_events_linked_to_no_session": """
        select count(*) from (from core.adverse_events where session_id is not null)
        anti join core.sessions using (clinic_id, patient_id, session_id)
    """,
    # Who withdrew is in no mart, and what is pleasant is no adverse event: with both, the sums are the core's.
    "sessions_not_in_safety_mart": f"""
        select abs(
            (select count(*) from {_CONSENTING_SESSIONS})
            - (select coalesce(sum(sessions + sessions_too_early), 0) from mart_safety_by_clinic)
        )
    """,
    "sessions_not_in_the_network_s_strata": f"""
        select abs(
            (select count(*) from {_CONSENTING_SESSIONS})
            - (
                select coalesce(sum(sessions + sessions_too_early), 0) from mart_safety_by_stratum
                where stratifier = 'network' and ae_screen_method = 'all'
            )
        )
    """,
    "adverse_events_not_in_safety_mart": f"""
        select abs(
            (select count(*) from {_CONSENTING_EVENTS} where not is_positive_reaction)
            - (select coalesce(sum(events + events_too_early), 0) from mart_safety_by_clinic)
        )
    """,
    "adverse_events_not_in_side_effects": f"""
        select abs(
            (select count(*) from {_CONSENTING_EVENTS} where not is_positive_reaction)
            - (select coalesce(sum(events + events_unlinked + events_too_early), 0) from mart_side_effects)
        )
    """,
    "adverse_events_not_in_time_to_onset": """
        select abs(
            (select coalesce(sum(events + events_unlinked), 0) from mart_side_effects)
            - (select coalesce(sum(events), 0) from mart_time_to_onset)
        )
    """,
    "linked_events_not_in_the_network_s_strata": """
        select abs(
            (select coalesce(sum(events), 0) from mart_side_effects)
            - (
                select coalesce(sum(events), 0) from mart_safety_by_stratum
                where stratifier = 'network' and ae_screen_method = 'all'
            )
        )
    """,
    "serious_events_not_in_the_line_list": f"""
        select abs(
            (select count(*) from {_CONSENTING_EVENTS} where is_serious)
            - (select count(*) from line_lists.mart_serious_events)
        )
    """,
    "serious_events_not_in_their_quarters": f"""
        select abs(
            (select count(*) from {_CONSENTING_EVENTS} where is_serious and not is_positive_reaction)
            - (select coalesce(sum(serious_events), 0) from mart_serious_by_quarter)
        )
    """,
    "events_of_who_withdrew_in_the_line_list": """
        select count(*) from line_lists.mart_serious_events
        semi join (
            select clinic_id, event_id from core.adverse_events
            semi join (from core.consent_withdrawals where purpose = 'quality_and_safety') using (clinic_id, patient_id)
        ) using (clinic_id, event_id)
    """,
    "flags_not_in_rule_findings": """
        select abs(
            (select count(*) from quality.event_flags) - (select coalesce(sum(events), 0) from mart_rule_findings)
        )
    """,
    "flags_of_no_accepted_event": """
        select count(*) from quality.event_flags anti join staging.stg_events using (clinic_id, event_id)
    """,
    "marts_with_personal_columns": f"""
        select count(*) from duckdb_columns()
        where database_name = 'built' and schema_name = 'main' and column_name in {PERSONAL_COLUMNS}
    """,
    # Late reports that are still to come can only make the share smaller. Both are products of fractions: where nothing
    # is to come they are equal but for their last digits.
    "maturities_above_the_share_reported": """
        select count(*) from mart_reporting_delay where maturity > share_reported + 1e-9
    """,
    **CARE_INVARIANTS,
}
