"""What a mart has to say of its cells before analysts see it."""

from typing import Any

import pytest

from disclosure_control.declarations import DeclarationIncomplete, declare

COMPLETE: dict[str, Any] = {
    "tier": "analyst",
    "dimensions": ["clinic_id", "month"],
    "patients": "patients",
    "margins": {"sessions": "network_sessions"},
    "measures": {
        "sessions": {"kind": "count", "patients": "patients"},
        "events": {"kind": "count", "patients": "patients_with_event"},
        "rate": {"kind": "derived", "of": ["events", "sessions"], "form": "ratio", "per": 1000},
    },
}


def with_measure(name: str, **said: Any) -> dict[str, Any]:
    return {"measures": {**COMPLETE["measures"], name: said}}


def test_a_declaration_names_its_columns_and_families() -> None:
    declaration = declare("mart", COMPLETE)
    assert declaration.columns == {
        "clinic_id",
        "month",
        "patients",
        "patients_with_event",
        "sessions",
        "events",
        "rate",
    }
    assert [each.family for each in declaration.counts] == ["network_sessions", "events"]


INCOMPLETE: dict[str, dict[str, Any]] = {
    "its meta does not give `patients`": {"patients": None},
    "its meta does not give `dimensions`": {"dimensions": None},
    "its meta does not give `measures`": {"measures": None},
    "its measures are names without a kind": {"measures": ["sessions"]},
    "unknown in its meta: patiens": {"patiens": "patients"},
    "margins of no measure: visits": {"margins": {"visits": "all"}},
    "measure n: its kind is none of count, serious, derived": with_measure("n", kind="sum"),
    "measure n: it does not name the column of the patients behind it": with_measure("n", kind="count"),
    "measure n: unknown: patient": with_measure("n", kind="count", patients="patients", patient="p"),
    "measure n: `by` names what is no dimension": with_measure("n", kind="count", patients="patients", by=["week"]),
    "measure n: it is across clinics, and no column `clinics` is named": with_measure(
        "n", kind="count", patients="patients", by=["month"]
    ),
    "measure n: it does not say what it is computed of": with_measure("n", kind="derived"),
    "measure n: it is computed of what is no count: rate": with_measure("n", kind="derived", of=["rate"]),
    "measure n: `within` names what is no dimension": with_measure("n", kind="derived", of=["events"], within=["week"]),
    "measure serious_events: a count of serious events is of kind serious": with_measure(
        "serious_events", kind="count", patients="patients"
    ),
    "measure serious_events: serious events appear by network and quarter only": with_measure(
        "serious_events", kind="serious", patients="patients"
    ),
}


@pytest.mark.parametrize("problem", INCOMPLETE)
def test_what_is_missing_is_said_in_one_line(problem: str) -> None:
    with pytest.raises(DeclarationIncomplete) as refused:
        declare("mart", COMPLETE | INCOMPLETE[problem])
    assert str(refused.value) == f"mart: {problem}"
