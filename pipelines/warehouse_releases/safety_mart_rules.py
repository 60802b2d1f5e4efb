"""What must be true of the marts on safety and side effects. Pure."""

from warehouse_releases.mart_rule import INTERVAL, MartRule, exact, robust

_SHARES = ("share_of_sessions_with_event", "share_of_patients_with_event")
_RATES = ("events_per_1000_sessions", *_SHARES, "events_per_10000_needles")
_STRATA = MartRule(
    key=("stratifier", "stratum", "asking", "ae_screen_method"),
    counts=("sessions", "events", "needles", "sessions_too_early", "events_too_early"),
    shares=(*_SHARES, "maturity"),
    intervals=tuple(interval(rate) for rate in _RATES for interval in (exact, robust)),
    parts=(
        ("sessions_with_event", "sessions"),
        ("sessions_with_event", "events"),
        ("patients_with_event", "patients"),
        ("events_with_needles", "events"),
    ),
)

SAFETY_MART_RULES = {
    "mart_safety_by_clinic": MartRule(
        key=("clinic_id", "month", "ae_screen_method"),
        counts=("sessions", "sessions_with_event", "events", "serious_events", "sessions_too_early"),
        shares=(*_SHARES, "maturity"),
        intervals=(INTERVAL, *(exact(share) for share in _SHARES)),
        parts=(("serious_events", "events"), ("sessions_with_event", "events")),
    ),
    "mart_safety_by_stratum": _STRATA,
    "mart_safety_by_exposure": _STRATA,
    "mart_serious_by_quarter": MartRule(
        key=("quarter",),
        counts=("serious_events", "sessions_asked", "patients_with_serious_event"),
        intervals=(exact("rate_per_10000_sessions"),),
        parts=(
            ("serious_events_asked", "serious_events"),
            ("patients_with_serious_event", "serious_events"),
            ("patients_asked", "sessions_asked"),
        ),
    ),
    "mart_reporting_delay": MartRule(
        key=("ae_screen_method", "days"),
        counts=("events", "events_reported"),
        shares=("share_reported", "maturity"),
        parts=(("events_reported", "events"),),
    ),
    "mart_published_comparison": MartRule(
        key=("survey",),
        counts=("our_events", "our_trials"),
        intervals=(("published_low", "published", "published_high"), exact("ours"), robust("ours")),
    ),
    "mart_side_effects": MartRule(
        key=("term", "severity"),
        counts=("events", "sessions_with_event", "patients_with_event", "sessions"),
        intervals=(INTERVAL,),
        parts=(("patients_with_event", "events"), ("sessions_with_event", "events")),
    ),
    "mart_side_effects_by_exposure": MartRule(
        key=("term", "severity", "exposure", "level", "asking"),
        counts=("events", "sessions_exposed", "needles_exposed", "patients_exposed"),
        shares=("share_of_sessions_with_event",),
        intervals=tuple(exact(name) for name in ("events_per_1000_sessions", "events_per_10000_needles")),
        parts=(("sessions_with_event", "events"), ("patients_with_event", "sessions_with_event")),
    ),
    "mart_side_effects_by_lot": MartRule(
        key=("lot", "manufacturer", "term"),
        counts=("events", "sessions_exposed"),
        intervals=(exact("events_per_1000_sessions"),),
        parts=(("sessions_with_event", "sessions_exposed"), ("patients_with_event", "patients_exposed")),
    ),
    "mart_time_to_onset": MartRule(
        key=("term", "onset"),
        counts=("events",),
        shares=("share_of_events_with_onset",),
        intervals=(exact("share_of_events_with_onset"),),
        parts=(("patients_with_event", "events"),),
    ),
    "mart_positive_reactions": MartRule(
        key=("term", "ae_screen_method"),
        counts=("reactions",),
        shares=("share_of_sessions_with_reaction",),
        intervals=(exact("share_of_sessions_with_reaction"),),
        parts=(("sessions_with_reaction", "sessions"), ("patients_with_reaction", "patients")),
    ),
}
