"""A cell looked at alone."""

from datetime import date
from typing import Any

import pytest

from disclosure_control.declarations import Declaration, Measure, declare
from disclosure_control.primary_rules import has_period, is_open, is_too_small

BEHIND = {"clinics": "clinics", "largest_clinic_share": "share"}
COUNTS = {
    "sessions": {"kind": "count", "patients": "patients"},
    "events": {"kind": "count", "patients": "ill"},
}
NETWORK = declare("network", {"dimensions": ["severity"], "patients": "patients", **BEHIND, "measures": COUNTS})
CLINIC = declare("clinic", {"dimensions": ["clinic_id"], "patients": "patients", "measures": COUNTS})
SERIOUS_EVENTS = {"kind": "serious", "patients": "ill"}
SERIOUS = declare(
    "serious",
    {"dimensions": ["quarter"], "patients": "patients", **BEHIND, "measures": {"n": SERIOUS_EVENTS}},
)


def measure(declaration: Declaration, name: str) -> Measure:
    return next(each for each in declaration.measures if each.name == name)


def cell(**facts: Any) -> dict[str, Any]:
    usual = {"sessions": 90, "patients": 60, "events": 20, "ill": 15, "clinics": 3, "share": 0.8}
    return {"clinic_id": "a", "severity": "mild", "quarter": date(2026, 1, 1), "n": 20, **usual, **facts}


@pytest.mark.parametrize(
    ("facts", "is_hidden"),
    [
        ({}, False),
        ({"ill": 10}, True),
        ({"ill": 11}, False),
        ({"ill": 50}, True),
        ({"ill": 49}, False),
        ({"ill": 60}, True),
        ({"events": 0, "ill": 0}, False),
        ({"clinics": 2}, True),
        ({"share": 0.81}, True),
        ({"clinics": None}, True),
        ({"share": None}, True),
        ({"severity": "fatal"}, True),
        ({"severity": "life_threatening", "events": 0, "ill": 0}, True),
        ({"severity": "severe"}, False),
    ],
)
def test_events_across_clinics(facts: dict[str, Any], is_hidden: bool) -> None:
    assert is_too_small(NETWORK, measure(NETWORK, "events"), cell(**facts)) is is_hidden


@pytest.mark.parametrize(("patients", "is_hidden"), [(10, True), (11, False)])
def test_a_denominator_has_no_complement(patients: int, is_hidden: bool) -> None:
    assert is_too_small(NETWORK, measure(NETWORK, "sessions"), cell(patients=patients)) is is_hidden


def test_a_cell_of_a_clinic_is_about_that_clinic_alone_and_its_margin_is_not() -> None:
    events = measure(CLINIC, "events")
    assert not is_too_small(CLINIC, events, cell(clinics=1, share=1.0))
    assert is_too_small(CLINIC, events, cell(clinic_id="all", clinics=1, share=1.0))


@pytest.mark.parametrize(("facts", "is_hidden"), [({}, False), ({"n": 0, "ill": 0}, True), ({"ill": 10}, True)])
def test_no_serious_event_is_not_shown_as_zero(facts: dict[str, Any], is_hidden: bool) -> None:
    assert is_too_small(SERIOUS, measure(SERIOUS, "n"), cell(**facts)) is is_hidden


@pytest.mark.parametrize(
    ("dimension", "value", "closed_until", "open_still"),
    [
        ("day", "2026-03-31", date(2026, 4, 1), False),
        ("day", "2026-03-31", date(2026, 3, 31), True),
        ("week", "2026-03-30", date(2026, 4, 5), True),
        ("month", "2026-12-01", date(2027, 1, 1), False),
        ("month", "2026-12-01", date(2026, 12, 28), True),
        ("quarter", "2026-10-01", date(2026, 12, 31), True),
        ("quarter", "2026-10-01", date(2027, 1, 1), False),
        # Months since baseline are no time of the calendar.
        ("month", "12", date(2026, 1, 1), False),
    ],
)
def test_a_cell_is_open_until_its_own_period_is_over(dimension, value, closed_until, open_still) -> None:
    declared = declare("t", {"dimensions": [dimension], "patients": "patients", **BEHIND, "measures": COUNTS})
    assert is_open(declared, (value,), closed_until) is open_still
    assert has_period(declared, (value,)) is (len(value) > 2)
