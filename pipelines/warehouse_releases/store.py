"""The store: the rows of a release as immutable files, which releases share for as long as nothing in them changes.

A file is named by its content, so that what an earlier release held is not written again. The only writer is the holder
of the builder's lock.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse_releases.damage import is_whole
from warehouse_releases.durable_files import make_durable_folder, write_durably
from warehouse_releases.quoting import name, text
from warehouse_releases.store_partitions import (
    WHOLE,
    Changed,
    Listing,
    Partition,
    StoredTable,
    columns_fingerprint,
    file_name,
    first_days,
    label,
    period,
    row_hash,
)

# The rows. Marts and vocabularies are small: each release has its own.
STORED_SCHEMAS = ("staging", "core", "quality")

# Nobody writes into a file that releases share, not even its owner.
_MODE = 0o400


class NotKept(Exception):
    """A column has a type that Parquet does not keep: one line that says which."""


@dataclass(frozen=True)
class _Table:
    """A table of the attached database `warehouse`, to be stored in `folder`."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    name: str

    @property
    def columns(self) -> dict[str, str]:
        return columns_of(self.connection, f"warehouse.{name(self.name)}")


def store_tables(
    connection: duckdb.DuckDBPyConnection, folder: Path, previous: Listing | None, changed: Changed | None
) -> Listing:
    """Bring the tables of the attached database `warehouse` into the store, each partition that is not there yet.

    With `changed`, partitions that it does not name are taken over from `previous`, and nobody reads their rows.
    Raises `NotKept` or `duckdb.Error`.
    """
    make_durable_folder(folder)
    known = previous.tables if previous and changed is not None and previous.folder == str(folder) else {}
    stored = {}
    for table in _table_names(connection):
        named = (changed or {}).get(table, frozenset())
        stored[table] = _stored(_Table(connection, folder, table), known.get(table), named)
    return Listing(str(folder), stored)


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Types by name, in order."""
    return {row[0]: row[1] for row in connection.execute(f"describe from {relation}").fetchall()}


def _table_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_catalog = 'warehouse' and list_contains(?, table_schema) order by 1",
        [list(STORED_SCHEMAS)],
    )
    return [table for (table,) in found.fetchall()]


def _stored(table: _Table, known: StoredTable | None, changed: Set[str]) -> StoredTable:
    columns = table.columns
    fingerprint = columns_fingerprint(columns)
    taken = _taken_over(table, known.partitions, changed) if known and known.columns == fingerprint else {}
    days = first_days((set(known.partitions) | changed) - set(taken)) if known and taken else None
    parts = taken | (dict(_written(table, columns, days)) if days != [] else {})
    # Whoever named what has changed may have forgotten something: a month, or that rows went.
    if taken and sum(part.rows for part in parts.values()) != _rows(table):
        parts = dict(_written(table, columns, None))
    return StoredTable(fingerprint, parts or dict([_whole(table, columns)]))


def _taken_over(table: _Table, parts: dict[str, Partition], changed: Set[str]) -> dict[str, Partition]:
    kept = {one: part for one, part in parts.items() if one not in changed and is_whole(table.folder, part)}
    return {one: part for one, part in kept.items() if part.rows}


def _written(table: _Table, columns: dict[str, str], days: list[str | None] | None) -> Iterator[tuple[str, Partition]]:
    """The partitions that begin on these days, all for None, each with its file."""
    month = period(columns)
    if month is None:
        yield _whole(table, columns)
        return
    hashed = row_hash(columns)
    found = table.connection.execute(
        f"select cast({month} as varchar), count(*), sum({hashed}), bit_xor({hashed}) from warehouse.{name(table.name)}"
        f" where {_begins(month, days)} group by 1 order by 1"
    )
    for day, rows, *sums in found.fetchall():
        file = file_name(table.name, label(day), columns, rows, sums)
        yield label(day), _file(table, file, rows, _begins(month, [day]))


def _whole(table: _Table, columns: dict[str, str]) -> tuple[str, Partition]:
    hashed = row_hash(columns)
    ((rows, *sums),) = table.connection.execute(
        f"select count(*), sum({hashed}), bit_xor({hashed}) from warehouse.{name(table.name)}"
    ).fetchall()
    return WHOLE, _file(table, file_name(table.name, WHOLE, columns, rows, sums), rows, "true")


def _begins(month: str, days: list[str | None] | None) -> str:
    if days is None:
        return "true"
    dated = ", ".join(f"date {text(day)}" for day in days if day is not None)
    found = [f"{month} in ({dated})"] if dated else []
    return " or ".join([*found, *([f"{month} is null"] if None in days else [])]) or "false"


def _rows(table: _Table) -> int:
    return table.connection.execute(f"select count(*) from warehouse.{name(table.name)}").fetchall()[0][0]


def _file(table: _Table, file: str, rows: int, condition: str) -> Partition:
    path = table.folder / file
    if not _holds(path, rows):
        select = f"select * from warehouse.{name(table.name)} where {condition}"

        def write(aside: Path) -> None:
            table.connection.execute(
                f"copy ({select}) to {text(str(aside))} (format parquet, compression zstd, use_tmp_file false)"
            )

        write_durably(path, write, _MODE)
    return Partition(file, rows, path.stat().st_size)


def _holds(path: Path, rows: int) -> bool:
    """Whether the file is there and not cut off: a Parquet file tells at its end how many rows it has."""
    try:
        return pq.read_metadata(path).num_rows == rows
    except (OSError, pa.ArrowException):
        return False
