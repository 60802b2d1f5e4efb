"""Whether a cell may be shown at all, looked at alone: how many patients and clinics stand behind it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from disclosure_control.declarations import CLINIC, Declaration, Measure
from disclosure_control.locks import Key
from disclosure_control.thresholds import MAX_CLINIC_SHARE, MIN_CLINICS, MIN_PATIENTS, SERIOUS_SEVERITIES

# A dimension's value that stands for all of its values: the row is a margin.
ALL = "all"
SEVERITY = "severity"
PERIODS = ("day", "week", "month", "quarter")


def is_too_small(declaration: Declaration, measure: Measure, facts: Mapping[str, Any]) -> bool:
    """`facts` are the columns of a row. Zero is shown, except of serious events."""
    if names_serious_events(measure.by, facts):
        return True
    if facts[measure.name] == 0 and measure.kind == "count":
        return False
    if patients_behind(measure, facts) < MIN_PATIENTS:
        return True
    if measure.patients != declaration.patients and complement(declaration, measure, facts) < MIN_PATIENTS:
        return True
    return _is_across_clinics(measure, facts) and _too_few_clinics(measure, facts)


def names_serious_events(dimensions: Iterable[str], facts: Mapping[str, Any]) -> bool:
    """Whether a cell is of serious events alone: they appear by network and quarter only, and not by their grade."""
    return SEVERITY in dimensions and facts[SEVERITY] in SERIOUS_SEVERITIES


def patients_behind(measure: Measure, facts: Mapping[str, Any]) -> int:
    return int(facts[measure.patients or measure.name] or 0)


def complement(declaration: Declaration, measure: Measure, facts: Mapping[str, Any]) -> int:
    """The patients of the denominator that are not in the cell."""
    return int(facts[declaration.patients] or 0) - patients_behind(measure, facts)


def is_open(declaration: Declaration, key: Key, closed_until: date) -> bool:
    """Whether the cell's own day, week, month or quarter was not over when the lock was made."""
    ends = (_end(name, value) for name, value in zip(declaration.dimensions, key, strict=True) if name in PERIODS)
    return any(end is not None and end > closed_until for end in ends)


def has_period(declaration: Declaration, key: Key) -> bool:
    named = zip(declaration.dimensions, key, strict=True)
    return any(name in PERIODS and _end(name, value) is not None for name, value in named)


def _is_across_clinics(measure: Measure, facts: Mapping[str, Any]) -> bool:
    return CLINIC not in measure.by or facts.get(CLINIC) == ALL


def _too_few_clinics(measure: Measure, facts: Mapping[str, Any]) -> bool:
    clinics = facts[measure.clinics] if measure.clinics else None
    share = facts[measure.largest_clinic_share] if measure.largest_clinic_share else None
    # What is not known is no proof that the cell may be shown.
    return clinics is None or share is None or clinics < MIN_CLINICS or share > MAX_CLINIC_SHARE


def _end(name: str, value: str) -> date | None:
    try:
        first = date.fromisoformat(value)
    except ValueError:
        return None
    if name in ("day", "week"):
        return first + timedelta(days=1 if name == "day" else 7)
    months = first.month - 1 + (1 if name == "month" else 3)
    return date(first.year + months // 12, months % 12 + 1, 1)
