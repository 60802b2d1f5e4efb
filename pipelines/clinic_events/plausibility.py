"""What is plausible in one event alone. Implausible is flagged, never refused: the odd session is what we look for."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from clinic_events.adverse_events import AdverseEventReported
from clinic_events.assessments import AssessmentCompleted
from clinic_events.envelope import Envelope, Record
from clinic_events.outcomes import OutcomeRecorded
from clinic_events.patients import PatientEnrolled
from clinic_events.points import canonical_point
from clinic_events.practitioners import CredentialRecorded
from clinic_events.reasons import Reason
from clinic_events.sessions import Needle, SessionCompleted
from clinic_events.treatment_plans import TreatmentPlanCreated
from clinic_events.vocabularies import codes, instrument_ranges, vocabulary

CLOCK_TOLERANCE = timedelta(hours=1)
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)

# Wide on purpose: a value outside is worth a look, whoever sent it. Millimetres, minutes, years, counts.
RANGES: dict[type[Record], dict[str, tuple[float, float]]] = {
    PatientEnrolled: {"age_years": (0, 115), "birth_year": (1890, 2100)},
    TreatmentPlanCreated: {"planned_sessions": (1, 200), "sessions_per_week": (0, 14)},
    SessionCompleted: {
        "needles_inserted": (0, 200),
        "needles_removed": (0, 200),
        "retention_min": (0, 180),
        "duration_min": (0, 480),
    },
    Needle: {"depth_mm": (0, 120), "gauge_mm": (0.1, 0.5), "length_mm": (5, 150)},
    OutcomeRecorded: {"planned_month": (0, 240)},
}

CODED: dict[type[Record], dict[str, str]] = {
    CredentialRecorded: {"credential": "credentials", "status": "credential_statuses"},
    PatientEnrolled: {"sex": "sexes"},
    AssessmentCompleted: {"patterns": "tcm_patterns", "goals": "goals"},
    TreatmentPlanCreated: {"style": "styles", "goals": "goals"},
    SessionCompleted: {"techniques": "techniques", "ae_screen_method": "ae_screen_methods"},
    Needle: {"side": "sides", "angle": "angles", "stimulation": "stimulations"},
    AdverseEventReported: {
        "term": "adverse_event_terms",
        "severity": "severities",
        "causality": "causalities",
        "seriousness_criteria": "seriousness_criteria",
    },
    OutcomeRecorded: {"instrument": "outcome_instruments"},
}


def flags_of(event: Envelope, data: Record, received_at: datetime) -> list[Reason]:
    """Every flag that one event earns by itself; `received_at` is the broker's clock, in UTC."""
    flags = list(_of_time(event, received_at))
    flags += _of_fields(data, "/data")
    if rule := _RULES.get(type(data)):
        flags += rule(event, data)
    return flags


def _of_time(event: Envelope, received_at: datetime) -> Iterator[Reason]:
    if event.time > received_at + CLOCK_TOLERANCE:
        yield Reason("future_dated", "/time")
    elif event.time < OLDEST:
        yield Reason("implausibly_old", "/time")


def _of_fields(record: Record, path: str) -> Iterator[Reason]:
    for name, (lowest, highest) in RANGES.get(type(record), {}).items():
        value = getattr(record, name)
        if value is not None and not lowest <= value <= highest:
            yield Reason("out_of_range", f"{path}/{name}")
    for name, words in CODED.get(type(record), {}).items():
        yield from _unknown_codes(getattr(record, name), codes(words), f"{path}/{name}")


def _unknown_codes(value: str | list[str] | None, known: frozenset[str], path: str) -> Iterator[Reason]:
    if isinstance(value, list):
        for position, code in enumerate(value):
            yield from _unknown_codes(code, known, f"{path}/{position}")
    elif value is not None and value not in known:
        yield Reason("unknown_code", path)


def _of_credential(_: Envelope, data: CredentialRecorded) -> Iterator[Reason]:
    if data.valid_until is not None and data.valid_until < data.valid_from:
        yield Reason("validity_reversed", "/data/valid_until")


def _of_assessment(_: Envelope, data: AssessmentCompleted) -> Iterator[Reason]:
    for position, condition in enumerate(data.conditions):
        path = f"/data/conditions/{position}"
        if condition.code not in codes("conditions"):
            yield Reason("unknown_code", f"{path}/code")
        if condition.chronicity_years is not None and not 0 <= condition.chronicity_years <= 115:
            yield Reason("out_of_range", f"{path}/chronicity_years")


def _of_session(_: Envelope, data: SessionCompleted) -> Iterator[Reason]:
    inserted, removed = data.needles_inserted, data.needles_removed
    if inserted is not None and removed is not None and inserted != removed:
        yield Reason("needles_unaccounted", "/data/needles_removed")
    if inserted is not None and inserted < len(data.needles):
        yield Reason("needles_undercounted", "/data/needles_inserted")
    for position, needle in enumerate(data.needles):
        yield from _of_needle(needle, f"/data/needles/{position}")


def _of_needle(needle: Needle, path: str) -> Iterator[Reason]:
    yield from _of_fields(needle, path)
    code = canonical_point(needle.point)
    if code is None:
        yield Reason("unknown_point", f"{path}/point")
    elif needle.side is not None:
        is_midline = vocabulary("acupuncture_points")[code]["sides"] == "1"
        if is_midline != (needle.side == "midline") and needle.side in codes("sides"):
            yield Reason("side_contradicts_point", f"{path}/side")


def _of_adverse_event(event: Envelope, data: AdverseEventReported) -> Iterator[Reason]:
    if data.severity in ("life_threatening", "fatal") and data.serious is not True:
        yield Reason("severe_not_serious", "/data/serious")
    if data.onset_at is not None and data.onset_at > event.time:
        yield Reason("onset_after_report", "/data/onset_at")
    if data.point is not None and canonical_point(data.point) is None:
        yield Reason("unknown_point", "/data/point")


def _of_outcome(_: Envelope, data: OutcomeRecorded) -> Iterator[Reason]:
    lowest, highest = instrument_ranges().get(data.instrument, (float("-inf"), float("inf")))
    if not lowest <= data.value <= highest:
        yield Reason("out_of_range", "/data/value")


_RULES: dict[type[Record], Callable[[Envelope, Record], Iterator[Reason]]] = {
    CredentialRecorded: _of_credential,
    AssessmentCompleted: _of_assessment,
    SessionCompleted: _of_session,
    AdverseEventReported: _of_adverse_event,
    OutcomeRecorded: _of_outcome,
}  # pyright: ignore[reportAssignmentType]  # each rule takes the record type it stands beside
