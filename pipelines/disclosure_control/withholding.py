"""Complementary suppression: the cheapest cells to hide, or to hold, so that a protected count becomes vague."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from disclosure_control.declarations import Measure
from disclosure_control.holding import held, with_derived
from disclosure_control.knowledge import TOLERANCE, Knowledge, Parts, Protected
from disclosure_control.linear_programs import PartProgram
from disclosure_control.locks import SUPPRESSED, Key, Lock, Row
from disclosure_control.published_facts import Facts, cells
from disclosure_control.thresholds import MIN_WIDTH

# A large cell costs more than a small one, a new one more than one that keeps an earlier value, and a zero most of all:
# readers expect it. What is hidden already costs next to nothing.
_ZERO_FACTOR, _HELD_FACTOR, _HIDDEN_COST = 50.0, 0.5, 1e-5


class CannotBeHidden(Exception):
    """What earlier locks showed gives a count away, whatever this one hides: one line that says which."""


@dataclass(frozen=True)
class Shown:
    """A count that is shown for the first time at this lock, and where."""

    table: str
    key: Key
    measure: Measure


class Withholding:
    """What a lock could still withhold. `told_before` are the counts that earlier locks have told."""

    def __init__(self, lock: Lock, before: Lock | None, facts: Facts, told_before: set[int]) -> None:
        self._lock, self._before, self._facts = lock, before, facts
        self._shown: dict[int, list[Shown]] = {}
        for number, shown in self._newly_shown():
            if number not in told_before:
                self._shown.setdefault(number, []).append(shown)
        self._open = facts.knowledge.without(self._shown)
        self._parts = Parts(self._open)
        self._costs = {number: self._cost(number, shown[0]) for number, shown in self._shown.items()}
        self._programs: dict[frozenset[int], tuple[PartProgram, tuple[int, ...]]] = {}

    def protect(self, narrow: Iterable[Protected]) -> Lock:
        """The lock without what gives these away. Raises `CannotBeHidden`."""
        narrow, withheld = list(narrow), set()
        for each in narrow:
            withheld |= self._partners(each, withheld)
        # Where the sums give nothing away it is the figures: then all that hangs together with them is withheld.
        withheld = withheld or {number for each in narrow for number in self._all_around(each)}
        if not withheld:
            raise CannotBeHidden(f"{narrow[0].name} is given away by what was shown before")
        for number in sorted(withheld):
            for shown in self._shown[number]:
                self._withhold(shown)
        return self._lock

    def _partners(self, protected: Protected, withheld: set[int]) -> set[int]:
        """The counts to withhold with those that already are, so that the protected one can move far enough."""
        leaders = self._parts.of(protected.terms)
        own = {number for number, _ in protected.terms if number in self._shown}
        if not leaders:
            return own - withheld
        program, counts = self._program(leaders, protected)
        costs = np.array([_HIDDEN_COST if number in withheld else self._costs.get(number, _HIDDEN_COST)
                          for number in counts])  # fmt: skip
        target = program.direction(protected.terms)
        ways = [program.cheapest(sign * target, MIN_WIDTH, costs) for sign in (1.0, -1.0)]
        found = min((way for way in ways if way is not None), key=lambda way: way[0], default=None)
        if found is None:
            return {number for number in counts if number in self._shown}
        return {counts[place] for place in np.flatnonzero(np.abs(found[1]) > TOLERANCE)} & self._shown.keys() - withheld

    def _program(self, leaders: frozenset[int], protected: Protected) -> tuple[PartProgram, tuple[int, ...]]:
        loose = tuple(term for term in self._open.unknown(protected.terms) if not self._parts.of((term,)))
        if leaders not in self._programs or loose:
            part = self._parts.part(leaders, loose)
            self._programs[leaders] = PartProgram(self._open, part), part.counts
        return self._programs[leaders]

    def _all_around(self, protected: Protected) -> Iterator[int]:
        knowledge = self._facts.knowledge
        parts = Parts(Knowledge(knowledge.truth, knowledge.known - self._shown.keys(), knowledge.equations))
        part = parts.part(parts.of(protected.terms), protected.terms)
        yield from (number for number in part.counts if number in self._shown)

    def _newly_shown(self) -> Iterator[tuple[int, Shown]]:
        for name, table in self._lock.tables.items():
            for row, measure in cells(self._lock, table):
                number = self._facts.count(self._lock.period, table, row, measure)
                # A row that went away tells that its counts are 0; it can be held as well.
                is_told = row.shows(measure.name) or not row.status
                if number is not None and row.since == self._lock.period and is_told:
                    yield number, Shown(name, row.key, measure)

    def _cost(self, number: int, shown: Shown) -> float:
        value = self._facts.knowledge.truth[number]
        factor = _HELD_FACTOR if self._former(shown) else 1.0
        return factor * (1.0 + np.log1p(value) if value else _ZERO_FACTOR)

    def _former(self, shown: Shown) -> Row | None:
        """The row as the lock before showed it, where it showed this count."""
        table = self._before.tables.get(shown.table) if self._before else None
        former = table.rows.get(shown.key) if table else None
        return former if former and former.shows(shown.measure.name) else None

    def _withhold(self, shown: Shown) -> None:
        table = self._lock.tables[shown.table]
        row, former, name = table.rows[shown.key], self._former(shown), shown.measure.name
        if former:
            changed = held(row, former)
        elif row.since == self._lock.period and row.status:
            hidden = replace(row, status={**row.status, name: SUPPRESSED},
                             floor={**row.floor, name: row.patients[name]})  # fmt: skip
            changed = with_derived(table.declaration, hidden)
        else:
            return  # The row is held since another of its counts was.
        self._lock = self._lock.with_rows(shown.table, {**table.rows, shown.key: changed})
