"""What is known of a lock: every cell with its true count, the patients behind it, and what of it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from disclosure_control.declarations import Declaration, Measure, declare

SHOWN, SUPPRESSED, NOT_APPLICABLE, TOO_EARLY = "shown", "suppressed", "not_applicable", "too_early"

Key = tuple[str, ...]
Numbers = Mapping[str, float | None]


@dataclass(frozen=True)
class Row:
    """One row of a mart at a lock. `truth` and `patients` are the officer's, `published` what analysts read.

    `since` is the lock whose figures are shown: this one, or an earlier one where the row is held. `behind` gives the
    patients of what is published, `floor` the patients of a suppressed count when it was last too small.
    A row that is not listed is hidden as a whole.
    """

    key: Key
    truth: Numbers
    patients: Mapping[str, int]
    denominator: int
    status: Mapping[str, str]
    published: Numbers
    since: str
    behind: Mapping[str, int] = field(default_factory=dict)
    floor: Mapping[str, int] = field(default_factory=dict)
    too_small: frozenset[str] = frozenset()
    attributes: Mapping[str, str | None] = field(default_factory=dict)
    is_listed: bool = True

    def shows(self, measure: str) -> bool:
        return self.status.get(measure) == SHOWN


@dataclass(frozen=True)
class Table:
    declaration: Declaration
    rows: Mapping[Key, Row]

    def cell(self, row: Row, measure: Measure) -> Key:
        """The values of the dimensions that name a count's cell."""
        return tuple(row.key[self.declaration.dimensions.index(name)] for name in measure.by)


@dataclass(frozen=True)
class Lock:
    """`period` names the last period that was closed; the tables by name."""

    period: str
    tables: Mapping[str, Table]

    def with_rows(self, table: str, rows: Mapping[Key, Row]) -> "Lock":
        return replace(self, tables={**self.tables, table: replace(self.tables[table], rows=rows)})


def as_key(values: tuple[Any, ...]) -> Key:
    """The text of each value; a date as ISO writes it."""
    return tuple("" if value is None else value.isoformat() if isinstance(value, date) else str(value)
                 for value in values)  # fmt: skip


def lock_as_json(lock: Lock) -> dict[str, Any]:
    """Everything of a lock that the rules over time need. Its raw counts are the officer's."""
    tables = {
        name: {"meta": dict(table.declaration.meta), "rows": [_row_as_json(row) for row in table.rows.values()]}
        for name, table in lock.tables.items()
    }
    return {"period": lock.period, "tables": tables}


def lock_from_json(said: Mapping[str, Any]) -> Lock:
    tables = {}
    for name, table in said["tables"].items():
        rows = [_row_from_json(row) for row in table["rows"]]
        tables[name] = Table(declare(name, table["meta"]), {row.key: row for row in rows})
    return Lock(said["period"], tables)


def _row_as_json(row: Row) -> dict[str, Any]:
    return {**vars(row), "key": list(row.key), "too_small": sorted(row.too_small)}


def _row_from_json(said: Mapping[str, Any]) -> Row:
    return Row(**{**said, "key": tuple(said["key"]), "too_small": frozenset(said["too_small"])})
