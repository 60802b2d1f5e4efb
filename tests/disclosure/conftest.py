"""Small networks made of sessions, and the marts that a lock would be made of, counted from them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from disclosure_control.declarations import Declaration, declare
from disclosure_control.holding import OpenTable

CLOSED = date(2026, 7, 1)
BEHIND = {"clinics": "clinics", "largest_clinic_share": "largest_clinic_share"}


@dataclass(frozen=True)
class Session:
    """One session; `event` says whether an adverse event followed it."""

    clinic: str
    patient: int
    month: date
    method: str
    event: bool = False


def mart(table: str, dimensions: list[str], sums: bool = True) -> Declaration:
    """Sessions, those with an event, and their share, by some dimensions."""
    across = {} if "clinic_id" in dimensions else BEHIND
    return declare(
        table,
        {
            "tier": "analyst",
            "dimensions": dimensions,
            "patients": "patients",
            **across,
            "margins": {"sessions": "all_sessions", "eventful": "all_eventful"} if sums else {},
            "measures": {
                "sessions": {"kind": "count", "patients": "patients"},
                "eventful": {"kind": "count", "patients": "patients_with_event"},
                "share": {"kind": "derived", "of": ["eventful", "sessions"], "form": "ratio"},
            },
        },
    )


def counted(declaration: Declaration, sessions: Iterable[Session]) -> OpenTable:
    """The rows of such a mart."""
    groups: dict[tuple[Any, ...], list[Session]] = defaultdict(list)
    for session in sessions:
        values = {"clinic_id": session.clinic, "month": session.month, "method": session.method}
        groups[tuple(values[name] for name in declaration.dimensions)].append(session)
    return OpenTable(declaration, list(_rows(declaration, groups)))


def _rows(declaration: Declaration, groups: dict[tuple[Any, ...], list[Session]]) -> Iterator[dict[str, Any]]:
    for key, members in groups.items():
        patients = {(one.clinic, one.patient) for one in members}
        clinics = [clinic for clinic, _ in patients]
        eventful = [one for one in members if one.event]
        yield {
            **dict(zip(declaration.dimensions, key, strict=True)),
            "sessions": len(members),
            "eventful": len(eventful),
            "share": len(eventful) / len(members),
            "patients": len(patients),
            "patients_with_event": len({(one.clinic, one.patient) for one in eventful}),
            "clinics": len(set(clinics)),
            "largest_clinic_share": max(clinics.count(clinic) for clinic in clinics) / len(clinics),
        }


Marts = Callable[[Iterable[Session]], list[OpenTable]]
BY_CLINIC = mart("by_clinic", ["clinic_id", "month", "method"])
BY_METHOD = mart("by_method", ["month", "method"])
BY_MONTH = mart("by_month", ["month"])
EVER = mart("ever", ["method"])


@pytest.fixture(scope="session")
def marts() -> Marts:
    """Four marts of the same sessions: three are margins of the first, and one of these has no month."""

    def count(sessions: Iterable[Session]) -> list[OpenTable]:
        kept = list(sessions)
        return [counted(declaration, kept) for declaration in (BY_CLINIC, BY_METHOD, BY_MONTH, EVER)]

    return count


@pytest.fixture(scope="session")
def session() -> type[Session]:
    """What a network is told of: clinic, patient, month, way of asking, and whether an event followed."""
    return Session
