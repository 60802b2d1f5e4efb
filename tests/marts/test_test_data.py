"""What a clinic marks as test data is about nobody: it is accounted for, and counted nowhere."""

from typing import Any

import pytest

from clinic_events.catalogue import EVENT_TYPES

pytestmark = pytest.mark.xdist_group("marts")

CLINIC, TERM, POINT = "yew", "compartment_syndrome", "SI3"


def tell(network: Any) -> None:
    said = {
        "session.completed": {"session_id": "s", "needles": [{"point": POINT}], "practitioner_id": "dr"},
        "adverse_event.reported": {"term": TERM, "session_id": "s", "serious": True},
        "outcome.recorded": {"instrument": "nrs_pain", "value": 5, "planned_month": 0},
        "assessment.completed": {"conditions": [{"code": "asthma"}], "pregnant": True},
        "patient.enrolled": {"age_years": 30, "study": {"id": "better-low", "arm": "needles"}},
        "needle_lot.received": {"lot": "L", "manufacturer": "M", "sterile_until": "2025-01-01"},
    }
    for number, event_type in enumerate(EVENT_TYPES):
        flags = ("out_of_range",) if event_type in said else ()
        network.say(
            CLINIC, event_type, said.get(event_type, {}), event_id=f"t{number}", patient="p", flags=flags, is_test=True
        )
    # Sent again, and with other content.
    network.say(CLINIC, "clinic.registered", {}, event_id="t0", patient="p", is_test=True)
    network.say(CLINIC, "clinic.registered", {"name": "x"}, event_id="t0", patient="p", is_test=True)


def _tables(rows: Any, *schemas: str) -> list[str]:
    found = rows(
        "select table_schema || '.' || table_name as name from information_schema.columns "
        f"where column_name = 'clinic_id' and table_schema in {schemas} order by 1"
    )
    return [row["name"] for row in found]


def test_every_event_has_its_disposition(rows) -> None:
    found = rows(
        "select disposition, count(*) as events from staging.stg_dispositions where clinic_id = ? group by 1", CLINIC
    )
    assert {row["disposition"]: row["events"] for row in found} == {
        "accepted": len(EVENT_TYPES), "duplicate": 1, "quarantined": 1
    }  # fmt: skip
    assert rows("select distinct is_test from staging.stg_dispositions where clinic_id = ?", CLINIC) == [
        {"is_test": True}
    ]


def test_no_event_is_in_a_core_table_a_mart_or_anything_that_marts_are_made_of(rows) -> None:
    tables = _tables(rows, "core", "main", "quality")
    assert {"core.sessions", "core.clinics", "main.mart_data_quality", "main.mart_safety_by_clinic"} <= set(tables)
    held = {name: rows(f"select count(*) as n from {name} where clinic_id = ?", CLINIC)[0]["n"] for name in tables}
    assert {name: count for name, count in held.items() if count} == {}


def test_nor_in_a_mart_that_names_no_clinic(rows) -> None:
    assert rows("select 1 from mart_side_effects where term = ?", TERM) == []
    assert rows("select 1 from mart_treatment_patterns where point_code = ?", POINT) == []
