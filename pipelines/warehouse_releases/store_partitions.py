"""Which part of a table a file of the store holds, and what the file is called. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence, Set

import msgspec

from warehouse_releases.quoting import quoted

# A table without a moment is one file, and so is one without a row.
WHOLE = "all"
_UNDATED = "none"

# By table, `schema.name`: the partitions that may differ from those of the release before. A partition is called by its
# month, `2026-09`; by `none` where there is no date; and by `all` where the table has no moment.
Changed = Mapping[str, Set[str]]

# A closed month is shared by all releases only if its rows stay where they are: the first of these that a table has.
_MOMENTS = ("month", "local_date", "recorded_on", "received_at", "occurred_at")
_DATED = ("DATE", "TIMESTAMP")
# DuckDB's hash takes [NULL], [] and a missing list for the same.
_NESTED = re.compile(r"\]$|^(STRUCT|MAP|UNION)\b")


class Partition(msgspec.Struct, frozen=True):
    """One file of the store: its path within it, what it holds and what it weighs."""

    file: str
    rows: int
    bytes: int


class StoredTable(msgspec.Struct, frozen=True):
    """`columns` is a fingerprint of names and types: the files of a table that has others are of no use to it."""

    columns: str
    partitions: dict[str, Partition]


class Listing(msgspec.Struct, frozen=True):
    """The files of the store that a release is made of, by `schema.table`. `folder` is the store's absolute path."""

    folder: str
    tables: dict[str, StoredTable]

    @property
    def partitions(self) -> list[Partition]:
        return [one for table in self.tables.values() for one in table.partitions.values()]


def period(columns: Mapping[str, str]) -> str | None:
    """SQL for the first day of a row's month, given the columns' types by name; None for a table without a moment."""
    for moment in _MOMENTS:
        if columns.get(moment) in _DATED:
            return quoted(moment) if moment == "month" else f"cast(date_trunc('month', {quoted(moment)}) as date)"
    return None


def label(first_day: str | None) -> str:
    """`2026-09` of `2026-09-01`: a word that can be a part of a file's name, whatever DuckDB calls the day."""
    if first_day is None:
        return _UNDATED
    month = re.fullmatch(r"(\d{4}-\d{2})-01", first_day)
    return month.group(1) if month else re.sub(r"[^0-9A-Za-z-]", "_", first_day)


def first_days(labels: Iterable[str]) -> list[str | None] | None:
    """The days that these partitions begin on; None, for all of them, when a label does not tell."""
    days = [None if one == _UNDATED else f"{one}-01" for one in labels]
    return days if all(day is None or re.fullmatch(r"\d{4}-\d{2}-01", day) for day in days) else None


def row_hash(columns: Mapping[str, str]) -> str:
    """SQL for 64 bits that tell a row from others. Hashed twice: sums of DuckDB's own would miss values that swap."""
    values = [
        f"cast({quoted(one)} as varchar)" if _NESTED.search(kind) else quoted(one) for one, kind in columns.items()
    ]
    return f"hash(hash({', '.join(values)}))"


def columns_fingerprint(columns: Mapping[str, str]) -> str:
    return _digest(list(columns.items()))


def file_name(table: str, partition: str, columns: Mapping[str, str], rows: int, sums: Sequence[int | None]) -> str:
    """The same for the same rows in any order. `sums` are the sum and the exclusive or of the rows' hashes."""
    return f"{table}/{partition}-{_digest([list(columns.items()), rows, *sums])}.parquet"


def _digest(said: list) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:20]
