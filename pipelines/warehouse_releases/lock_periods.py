"""Which periods have closed: a week or a month is over when its last day is over everywhere on earth. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

Kind = Literal["week", "month"]

# The last place on earth where it is still yesterday is twelve hours behind UTC.
_BEHIND = timedelta(hours=12)


@dataclass(frozen=True)
class Period:
    """A week (`2026-W38`) or a month (`2026-08`); `closed_until` is the first day after it."""

    name: str
    closed_until: date


def last_closed(moment: datetime, kind: Kind) -> Period:
    """The last period that was over at `moment` (with its zone)."""
    today = (moment.astimezone(UTC) - _BEHIND).date()
    if kind == "month":
        first = today.replace(day=1)
        return Period(f"{first - timedelta(days=1):%Y-%m}", first)
    monday = today - timedelta(days=today.weekday())
    year, week, _ = (monday - timedelta(days=1)).isocalendar()
    return Period(f"{year}-W{week:02d}", monday)


def closes_at(after: date, kind: Kind) -> datetime:
    """When the period that `after`, the first day that is not closed, lies in will have closed. UTC."""
    if kind == "month":
        first_next = (after.replace(day=1) + timedelta(days=31)).replace(day=1)
    else:
        first_next = after + timedelta(days=7 - after.weekday())
    return datetime.combine(first_next, time(), UTC) + _BEHIND
