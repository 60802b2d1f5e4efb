"""Marts that list only the most frequent: what becomes of a lock when a row leaves the list."""

from datetime import date
from typing import Any

from disclosure_control.auditor import audit_locks
from disclosure_control.control import control
from disclosure_control.declarations import declare
from disclosure_control.holding import OpenTable
from disclosure_control.locks import SHOWN

CLOSED = date(2026, 7, 1)
MOST_USED = declare(
    "most_used",
    {
        "tier": "analyst",
        "dimensions": ["point"],
        "patients": "patients",
        "clinics": "clinics",
        "largest_clinic_share": "largest_clinic_share",
        "measures": {
            "used": {"kind": "count", "patients": "patients"},
            "rank": {"kind": "derived", "of": ["used"], "form": "rank"},
        },
    },
)


def most_used(counts: dict[str, int]) -> OpenTable:
    behind = {"clinics": 5, "largest_clinic_share": 0.3}
    rows: list[dict[str, Any]] = [
        {"point": point, "used": used, "patients": used, "rank": place, **behind}
        for place, (point, used) in enumerate(sorted(counts.items(), key=lambda one: -one[1]), start=1)
    ]
    return OpenTable(MOST_USED, rows)


def test_a_hidden_row_that_has_left_the_list_stands_below_all_that_are_in_it() -> None:
    first = control("first", CLOSED, [most_used({"LI4": 60, "ST36": 40, "PC6": 8})])
    second = control("second", CLOSED, [most_used({"LI4": 80, "ST36": 55, "GB20": 30})], [first])
    ranks = {key: row.published.get("rank") for key, row in second.tables["most_used"].rows.items()}
    assert ranks == {("LI4",): 1, ("ST36",): 2, ("GB20",): 3, ("PC6",): None}
    assert second.tables["most_used"].rows["GB20",].status["rank"] == SHOWN
    assert audit_locks([first, second]) == []
