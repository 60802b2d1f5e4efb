"""What a shown figure tells of the counts that it was computed of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from disclosure_control.declarations import CLINIC, Measure
from disclosure_control.inverted_intervals import counts_with_limit
from disclosure_control.locks import Lock, Row, Table

if TYPE_CHECKING:
    from disclosure_control.published_facts import Facts

_EXACT = 1e-9


def relate_figures(facts: Facts, lock: Lock) -> None:
    """Add what the figures say that are shown for the first time at this lock."""
    for table in lock.tables.values():
        for row in table.rows.values():
            for measure in table.declaration.derived:
                value = row.published.get(measure.name)
                if row.since == lock.period and row.shows(measure.name) and value is not None:
                    _Figure(facts, lock, table, row, measure).relate(float(value))


class _Figure:
    def __init__(self, facts: Facts, lock: Lock, table: Table, row: Row, measure: Measure) -> None:
        self._facts, self._lock, self._table, self._row, self._measure = facts, lock, table, row, measure
        declared = {each.name: each for each in table.declaration.counts}
        self._of = [facts.count(lock.period, table, row, declared[name]) for name in measure.of if name in declared]
        self._name = f"{table.declaration.table}.{measure.name} ({', '.join(row.key)}) is not what it is computed of"

    def relate(self, value: float) -> None:
        known = self._facts.knowledge.known
        if self._measure.form != "largest_clinic" and self._measure.form != "rank" and known.issuperset(self._of):
            return  # Whoever knows all that a figure is computed of learns nothing from it.
        method, _, end = (self._measure.form or "").rpartition("_")
        if self._measure.form == "ratio":
            self._ratio(value)
        elif self._measure.form == "rank":
            self._rank()
        elif self._measure.form == "largest_clinic":
            self._largest_clinic(value)
        elif method and end in ("low", "high"):
            self._interval(value, method, end)
        else:
            self._everything()

    def _ratio(self, value: float) -> None:
        part, whole = self._of[:2]
        if part is not None and whole is not None:
            self._share_of(value, part, whole)

    def _share_of(self, value: float, part: int, whole: int, end: str = "both") -> None:
        """The part lies between the rounding's two limits of the share, times the whole."""
        slack, per = self._rounding(value), self._measure.per
        near = _EXACT * (1 + abs(self._facts.knowledge.truth[part]))
        if end == "both":
            self._relate({part: 1.0, whole: -(value - slack) / per}, -near, float("inf"))
        self._relate({part: 1.0, whole: -(value + slack) / per}, -float("inf"), near)

    def _rank(self) -> None:
        """Whoever stands above a shown rank has no less, and whoever stands below it no more."""
        own, measure = self._of[0], self._measure
        declared = next(each for each in self._table.declaration.counts if each.name == measure.of[0])
        known = self._facts.knowledge.known
        for other in _group(self._table, self._row, measure):
            count = self._facts.count(self._lock.period, self._table, other, declared)
            if own is not None and count is not None and not known.issuperset((own, count)):
                below = _place(other, measure) > _place(self._row, measure)
                first, second = (own, count) if below else (count, own)
                self._relate({first: 1.0, second: -1.0}, 0.0, float("inf"))

    def _largest_clinic(self, value: float) -> None:
        """The largest of the clinics' own cells is that share of the whole, and none is more."""
        whole = self._of[0]
        parts = list(self._clinics())
        if whole is None or not parts:
            return
        largest = max(parts, key=lambda count: self._facts.knowledge.truth[count])
        for part in parts:
            self._share_of(value, part, whole, "both" if part == largest else "above")

    def _clinics(self) -> Iterator[int]:
        """The cells of the same family in which a clinic is named, and which are parts of this row."""
        own = next(each for each in self._table.declaration.counts if each.name == self._measure.of[0])
        names = dict(zip(self._table.declaration.dimensions, self._row.key, strict=True))
        for table in self._lock.tables.values():
            for measure in table.declaration.counts:
                if measure.family == own.family and set(measure.by) == {*names, CLINIC}:
                    yield from self._matching(table, measure, names)

    def _matching(self, table: Table, measure: Measure, names: Mapping[str, str]) -> Iterator[int]:
        for row in table.rows.values():
            values = dict(zip(table.declaration.dimensions, row.key, strict=True))
            count = self._facts.count(self._lock.period, table, row, measure)
            if count is not None and all(values[name] == value for name, value in names.items()):
                yield count

    def _interval(self, value: float, method: str, end: str) -> None:
        """An exact limit has one count behind it, where the denominator is known; a rounded one a few."""
        count, whole = self._of[0], self._of[1] if len(self._of) > 1 else None
        if count is None or (whole is not None and whole not in self._facts.knowledge.known):
            self._everything()
            return
        total = self._facts.knowledge.truth[whole] if whole is not None else 1.0
        near = self._facts.knowledge.truth[count]
        scaled = (value / self._measure.per, self._rounding(value) / self._measure.per)
        low, high = counts_with_limit(method, end, near, total, *scaled)
        self._relate({count: 1.0}, low, high)

    def _everything(self) -> None:
        """Of a figure whose form is not declared nothing is known but that it might tell all."""
        for count in self._of:
            if count is not None:
                truth = self._facts.knowledge.truth[count]
                self._relate({count: 1.0}, truth, truth)

    def _rounding(self, value: float) -> float:
        decimals = self._measure.decimals
        return _EXACT * (1 + abs(value)) if decimals is None else 0.5 * 10.0**-decimals

    def _relate(self, terms: dict[int, float], low: float, high: float) -> None:
        self._facts.knowledge.relate(terms, low, high, self._name, of_figure=True)


def _place(row: Row, measure: Measure) -> float:
    """The rank of a row; one that has left the mart stands below all that are there."""
    rank = row.truth[measure.name]
    return float("inf") if rank is None else rank


def _group(table: Table, row: Row, measure: Measure) -> Iterator[Row]:
    """The other rows among which a row has its rank."""
    places = [table.declaration.dimensions.index(name) for name in measure.within]
    for other in table.rows.values():
        if other is not row and all(other.key[place] == row.key[place] for place in places):
            yield other
