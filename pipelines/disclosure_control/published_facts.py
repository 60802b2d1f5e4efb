"""From locks to what an analyst can know of them: every shown count, every sum, every figure computed of counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from disclosure_control.declarations import Measure
from disclosure_control.families import relate_families
from disclosure_control.figures import relate_figures
from disclosure_control.knowledge import Knowledge
from disclosure_control.locks import SUPPRESSED, Key, Lock, Row, Table
from disclosure_control.thresholds import MIN_PATIENTS

Cell = tuple[str, str, str, Key]  # lock, table, measure, the values that name the cell


class DoesNotAddUp(Exception):
    """Tables that are declared to add up to the same do not: one line that says which."""


@dataclass
class Facts:
    """The knowledge, and which of its counts each cell of each lock is: one that did not change keeps its number.

    `versions` has the counts that a cell was shown as, and the one that it was last, each with the patients behind it.
    """

    knowledge: Knowledge = field(default_factory=Knowledge)
    counts: dict[Cell, int] = field(default_factory=dict)
    versions: dict[tuple[str, str, tuple[str, ...], Key], tuple[tuple[int, int], ...]] = field(default_factory=dict)
    newest: Lock | None = None

    def count(self, lock: str, table: Table, row: Row, measure: Measure) -> int | None:
        return self.counts.get((lock, table.declaration.table, measure.name, table.cell(row, measure)))


def gather(locks: Sequence[Lock]) -> Facts:
    """Everything that can be known of these locks together, the oldest first. Raises `DoesNotAddUp`."""
    facts = Facts()
    for lock in locks:
        _add_lock(facts, lock)
        facts.knowledge.drop_settled()
    return facts


def with_lock(past: Facts, lock: Lock) -> Facts:
    """What can be known when this lock is shown too; `past` stays as it is. Raises `DoesNotAddUp`."""
    facts = Facts(past.knowledge.copy(), dict(past.counts), dict(past.versions), past.newest)
    _add_lock(facts, lock)
    return facts


def _add_lock(facts: Facts, lock: Lock) -> None:
    counts_before, equations_before = len(facts.counts), len(facts.knowledge.equations)
    for table in lock.tables.values():
        _add_cells(facts, lock, table, facts.newest)
    relate_families(facts.knowledge, lock, dict(islice(facts.counts.items(), counts_before, None)))
    relate_figures(facts, lock)
    facts.newest = lock
    if broken := facts.knowledge.broken(equations_before):
        raise DoesNotAddUp(broken.source)


def cells(lock: Lock, table: Table) -> Iterator[tuple[Row, Measure]]:
    """The counts of a table that there are at a lock."""
    for row in table.rows.values():
        for measure in table.declaration.counts:
            if row.truth.get(measure.name) is not None:
                yield row, measure


def _add_cells(facts: Facts, lock: Lock, table: Table, before: Lock | None) -> None:
    name, earlier = table.declaration.table, before.tables.get(table.declaration.table) if before else None
    for row, measure in cells(lock, table):
        cell = (lock.period, name, measure.name, table.cell(row, measure))
        former = _former(earlier, table, row)
        truth = float(row.truth[measure.name] or 0)
        if cell not in facts.counts:
            same = before and former and _is_same(former, row, measure)
            known_as = facts.counts.get((before.period, *cell[1:])) if same and before else None
            facts.counts[cell] = facts.knowledge.add_count(truth) if known_as is None else known_as
        _tell(facts, lock, table, row, measure)
        _protect(facts, cell, table, row, measure)
        _protect_changes(facts, cell, row, measure)


def _former(earlier: Table | None, table: Table, row: Row) -> Row | None:
    if earlier is None or earlier.declaration.dimensions != table.declaration.dimensions:
        return None
    return earlier.rows.get(row.key)


def _tell(facts: Facts, lock: Lock, table: Table, row: Row, measure: Measure) -> None:
    """A count is known where it is shown; a held one as it was at an earlier lock. A row that went away is 0."""
    told = facts.count(row.since, table, row, measure)
    if told is not None and (row.shows(measure.name) or not row.status):
        facts.knowledge.known.add(told)


def _protect(facts: Facts, cell: Cell, table: Table, row: Row, measure: Measure) -> None:
    number, name = facts.counts[cell], _name(cell)
    is_new = row.since == cell[0] or not row.shows(measure.name)
    if row.status.get(measure.name) == SUPPRESSED or (measure.name in row.too_small and is_new):
        facts.knowledge.protect(name, {number: 1.0})
    whole = next((each for each in table.declaration.counts if each.patients == table.declaration.patients), None)
    if whole is None or measure.patients == whole.patients or not row.truth[measure.name]:
        return
    total = facts.counts.get((cell[0], cell[1], whole.name, table.cell(row, whole)))
    if row.denominator - row.patients[measure.name] < MIN_PATIENTS and row.since == cell[0] and total is not None:
        facts.knowledge.protect(f"what {name} leaves of {whole.name}", {total: 1.0, number: -1.0})


def _protect_changes(facts: Facts, cell: Cell, row: Row, measure: Measure) -> None:
    """A change by a few patients must not be told: neither since the last lock, nor since anything that was shown."""
    number, patients, truth = facts.counts[cell], row.patients[measure.name], facts.knowledge.truth
    version = (cell[1], measure.name, measure.by, cell[3])
    *older, newest = facts.versions.get(version, (None,))
    compared = [one for one in older if one and one[0] in facts.knowledge.known] + ([newest] if newest else [])
    for was, then in compared:
        if abs(patients - then) < MIN_PATIENTS and truth[was] != truth[number]:
            facts.knowledge.protect(f"the change of {_name(cell)}", {number: 1.0, was: -1.0})
    facts.versions[version] = (*(one for one in compared if one[0] != number), (number, patients))


def _is_same(former: Row, row: Row, measure: Measure) -> bool:
    name = measure.name
    return former.truth.get(name) == row.truth[name] and former.patients.get(name) == row.patients[name]


def _name(cell: Cell) -> str:
    lock, table, measure, key = cell
    return f"{table}.{measure} ({', '.join(key)}) at {lock}"
