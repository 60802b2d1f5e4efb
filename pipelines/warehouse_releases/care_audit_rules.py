"""What must be true of the marts of treatment patterns and outcomes. Pure."""

from warehouse_releases.mart_rule import MartRule

# Everything else than an arm of a study that was registered before its first outcome is called what it is.
DESIGNS = (("design", ("randomised", "uncontrolled before-after")),)

CARE_MART_RULES = {
    "mart_points_by_pattern": MartRule(
        key=("pattern", "point_code"),
        counts=("sessions", "rank", "retention_min_mean"),
        shares=("share", "patient_share", "largest_clinic_share"),
        parts=(("sessions", "pattern_sessions"), ("patients_with_point", "patients")),
    ),
    "mart_point_pairs": MartRule(
        key=("grouping_kind", "stratum", "point_a", "point_b"),
        counts=("sessions", "session_lift", "patient_lift"),
        shares=("share", "patient_share", "largest_clinic_share"),
        parts=(
            ("patients_in_one_session", "patients_with_both"),
            ("sessions", "sessions_with_a"),
            ("sessions", "sessions_with_b"),
            ("patients_with_both", "patients_with_a"),
            ("patients_with_both", "patients_with_b"),
            ("sessions_with_a", "stratum_sessions"),
            ("patients_with_a", "patients"),
        ),
        words=(("grouping_kind", ("condition_group", "tcm_pattern")),),
    ),
    "mart_dose": MartRule(
        key=("condition_group", "style", "quantity"),
        counts=("n",),
        shares=("largest_clinic_share",),
        intervals=(("lower_quartile", "median", "upper_quartile"),),
        parts=(("patients", "n"), ("clinics", "patients")),
    ),
    "mart_plan_adherence": MartRule(
        key=("condition_group", "plan_version"),
        counts=("sessions_planned", "sessions_done", "sessions_done_share", "sessions_per_week_done_mean"),
        shares=(
            "plans_completed_share",
            "planned_points_used_share_mean",
            "used_points_planned_share_mean",
            "planned_techniques_used_share_mean",
        ),
        parts=(
            ("patients", "plans"),
            ("plans_ended", "plans"),
            ("plans_with_sessions_planned", "plans_ended"),
            ("plans_completed", "plans_with_sessions_planned"),
        ),
        words=(("plan_version", ("first", "latest")),),
    ),
    "mart_goals": MartRule(
        key=("goal",),
        counts=("much_less_than_expected", "less_than_expected"),
        shares=("patient_share", "reached_share"),
        parts=(
            ("patients_with_goal", "patients"),
            ("patients_judged", "patients_with_goal"),
            ("reached", "patients_judged"),
        ),
    ),
    "mart_goal_targets": MartRule(
        key=("goal", "instrument"),
        counts=("patients_who_reached_it",),
        shares=("completion_share", "reached_share_of_all", "reached_share_of_scored"),
        parts=(
            ("patients_with_measurable_target", "patients"),
            ("patients_scored", "patients_with_measurable_target"),
            ("patients_who_reached_it", "patients_scored"),
        ),
    ),
    "mart_co_treatment": MartRule(
        key=("condition_group", "kind", "code"),
        counts=("patients_with_answer",),
        shares=("patient_share", "largest_clinic_share"),
        parts=(("patients_with_answer", "patients"), ("patients_with_answer", "statements")),
    ),
    "mart_care_intents": MartRule(
        key=("condition_group", "care_intent"),
        counts=("sessions", "days_between_sessions_median"),
        shares=("patient_share", "largest_clinic_share"),
        parts=(
            ("patients_with_intent", "patients"),
            ("patients_with_intent", "episodes"),
            ("episodes", "sessions"),
            ("episodes_ended", "episodes"),
            ("episodes_with_interval", "episodes"),
        ),
        words=(("care_intent", ("treatment", "maintenance", "prevention", "not_recorded")),),
    ),
    "mart_stricta_completeness": MartRule(
        key=("clinic_id", "item"),
        counts=("sessions_that_say_it",),
        shares=("share", "published_share"),
        parts=(("sessions_that_say_it", "sessions"), ("patients", "sessions")),
    ),
    "mart_outcome_change": MartRule(
        key=("instrument", "stratifier", "stratum", "month"),
        counts=("patients_too_early", "sd", "change_sd"),
        shares=("completion_share", "largest_clinic_share"),
        intervals=(("mean_change_low", "mean_change", "mean_change_high"),),
        parts=(("patients_scored", "patients"), ("clinics", "patients"), ("practitioners", "patients_scored")),
        words=DESIGNS,
    ),
    "mart_outcome_course": MartRule(
        key=("instrument", "stratifier", "stratum", "landmark"),
        counts=("position", "patients_too_early", "sd"),
        shares=("completion_share", "largest_clinic_share"),
        intervals=(
            ("lower_quartile", "median", "upper_quartile"),
            ("mean_change_low", "mean_change", "mean_change_high"),
        ),
        parts=(("patients_scored", "patients_reached"), ("patients_reached", "patients")),
        words=DESIGNS,
    ),
    "mart_outcome_responders": MartRule(
        key=("instrument", "stratifier", "stratum", "month"),
        counts=("responders", "patients_at_floor"),
        shares=("completion_share", "share_of_all", "share_of_scored", "best_case_share"),
        intervals=(
            ("share_of_all_low", "share_of_all", "share_of_all_high"),
            ("share_of_scored_low", "share_of_scored", "share_of_scored_high"),
            ("share_of_all_counting_error_only_low", "share_of_all", "share_of_all_counting_error_only_high"),
            ("share_of_scored_counting_error_only_low", "share_of_scored", "share_of_scored_counting_error_only_high"),
            ("best_case_counting_error_only_low", "best_case_share", "best_case_counting_error_only_high"),
            ("worst_case_counting_error_only_low", "worst_case_share", "worst_case_counting_error_only_high"),
        ),
        parts=(
            ("responders", "patients_scored"),
            ("patients_scored", "patients"),
            ("patients", "patients_with_baseline"),
            ("responders_at_best", "patients"),
            ("responders", "responders_at_best"),
            ("worst_case_share", "share_of_all"),
            ("share_of_all", "share_of_scored"),
            ("share_of_all", "best_case_share"),
        ),
        words=DESIGNS,
    ),
}

# Each counts what is broken, as in `audit_rules`.
CARE_INVARIANTS = {
    "treated_sessions_not_in_care_intents": """
        select abs(
            (select count(*) from evidence.treated_sessions)
            - (select coalesce(sum(sessions), 0) from mart_care_intents)
        )
    """,
    "treated_sessions_not_in_condition_groups": """
        select abs(
            (select count(*) from evidence.treated_sessions)
            - (select coalesce(sum(sessions), 0) from evidence.patient_points where grouping_kind = 'condition_group')
        )
    """,
    "plans_not_in_both_versions": """
        select abs(
            (select coalesce(sum(plans), 0) from mart_plan_adherence where plan_version = 'first')
            - (select coalesce(sum(plans), 0) from mart_plan_adherence where plan_version = 'latest')
        )
    """,
    "treated_sessions_without_consent": """
        select count(*) from evidence.treated_sessions
        inner join core.sessions using (session_key)
        semi join (from core.consent_withdrawals where purpose = 'benchmarking') as withdrawn
            on sessions.clinic_id = withdrawn.clinic_id and sessions.patient_id = withdrawn.patient_id
    """,
    "baselines_not_in_outcome_course": """
        select abs(
            (select count(*) from evidence.outcome_baselines)
            - (
                select coalesce(sum(patients), 0) from mart_outcome_course
                where stratifier = 'network' and landmark = 'baseline'
            )
        )
    """,
    "arms_called_randomised_without_such_a_study": """
        select count(*) from mart_outcome_by_arm
        anti join core.studies on mart_outcome_by_arm.study = studies.study_id
        where mart_outcome_by_arm.design = 'randomised'
    """,
    "outcomes_without_consent": """
        select count(*) from evidence.outcome_baselines
        semi join (from core.consent_withdrawals where purpose = 'research') using (clinic_id, patient_id)
    """,
}
