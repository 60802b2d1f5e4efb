"""What a lock says otherwise than the one before, of cells whose period was closed already, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from disclosure_control.declarations import CLINIC, Declaration
from disclosure_control.locks import SHOWN, Key, Lock, Row
from disclosure_control.primary_rules import has_period

CAUSES = ("late", "corrected", "retracted", "rule", "vocabulary", "erasure")
# What the network counts otherwise may move any cell; what clinics sent moves the cells of their months.
_NETWORK_WIDE = ("rule", "vocabulary")


@dataclass(frozen=True)
class News:
    """Something that changed between two locks: in a clinic and a month (first day), or anywhere (None)."""

    cause: str
    clinic_id: str | None = None
    month: date | None = None


@dataclass(frozen=True)
class Restatement:
    """One shown figure that is another now. `cell` names it; a value is None unless its status is `shown`."""

    lock: str
    table: str
    cell: str
    measure: str
    old: float | None
    new: float | None
    old_status: str
    new_status: str
    cause: str


def restatements(before: Lock, lock: Lock, news: Iterable[News]) -> list[Restatement]:
    """Every figure that was shown and is shown otherwise, or not any more. A held one is no restatement.

    A cell without a period grows with every lock: it is restated only when what changed is how the network counts.
    """
    known, found = set(news), []
    for name, table in lock.tables.items():
        earlier = before.tables.get(name)
        if earlier is not None and earlier.declaration.dimensions == table.declaration.dimensions:
            for key, row in table.rows.items():
                former = earlier.rows.get(key)
                if former and row.is_listed:
                    found += _of_row(lock.period, table.declaration, former, row, known)
    return found


def _of_row(lock: str, declaration: Declaration, former: Row, row: Row, news: set[News]) -> Iterator[Restatement]:
    causes = _causes(declaration, row.key, news)
    if not causes:
        return
    cell = ", ".join(f"{name}={value}" for name, value in zip(declaration.dimensions, row.key, strict=True))
    for measure in declaration.measures:
        old, new = former.published.get(measure.name), row.published.get(measure.name)
        if former.shows(measure.name) and old != new:
            said = (former.status[measure.name], row.status.get(measure.name, SHOWN))
            yield Restatement(lock, declaration.table, cell, measure.name, old, new, *said, "; ".join(causes))


def _causes(declaration: Declaration, key: Key, news: set[News]) -> list[str]:
    named = dict(zip(declaration.dimensions, key, strict=True))
    found = {each.cause for each in news if _reaches(each, named)}
    if not has_period(declaration, key):
        return [cause for cause in _NETWORK_WIDE if cause in found]
    return [cause for cause in CAUSES if cause in found] or ["late"]


def _reaches(news: News, named: dict[str, str]) -> bool:
    if news.clinic_id is not None and named.get(CLINIC, news.clinic_id) != news.clinic_id:
        return False
    return news.month is None or all(_lies_in(news.month, name, value) for name, value in named.items())


def _lies_in(month: date, name: str, value: str) -> bool:
    """Whether a month is, or may be, in the period that a dimension names."""
    try:
        first = date.fromisoformat(value)
    except ValueError:
        return True
    if name == "quarter":
        return (month.year, (month.month - 1) // 3) == (first.year, (first.month - 1) // 3)
    return name not in ("day", "week", "month") or (month.year, month.month) == (first.year, first.month)
