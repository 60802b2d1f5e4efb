"""A rank tells an order of counts, also of those that it does not stand beside."""

from collections import defaultdict
from dataclasses import replace

from disclosure_control.declarations import Measure
from disclosure_control.locks import SUPPRESSED, Key, Lock, Row, Table


def hide_ranks(lock: Lock) -> Lock:
    """Show a new rank only as far down as every count above it can be read."""
    for name, table in lock.tables.items():
        for measure in table.declaration.derived:
            if measure.form == "rank":
                lock = lock.with_rows(name, _hidden_below(lock, lock.tables[name], measure))
    return lock


def _hidden_below(lock: Lock, table: Table, measure: Measure) -> dict[Key, Row]:
    places = [table.declaration.dimensions.index(name) for name in measure.within]
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in table.rows.values():
        groups[tuple(row.key[place] for place in places)].append(row)
    rows = dict(table.rows)
    for group in groups.values():
        is_read = True
        for row in sorted(group, key=lambda one: (one.truth.get(measure.name) or float("inf"), one.key)):
            is_read = is_read and _can_be_read(row, measure.of[0])
            if not is_read and row.since == lock.period and row.shows(measure.name):
                rows[row.key] = _without(row, measure.name)
    return rows


def _can_be_read(row: Row, count: str) -> bool:
    return row.shows(count) and row.published.get(count) == row.truth.get(count)


def _without(row: Row, measure: str) -> Row:
    return replace(row, status={**row.status, measure: SUPPRESSED}, published={**row.published, measure: None})
