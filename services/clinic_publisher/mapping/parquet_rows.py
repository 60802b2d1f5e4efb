"""Read the rows of a Parquet file as the same table would read as CSV: each value as text, an absent one as None."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from clinic_publisher.mapping.inspection import MappingInvalid

_MAGIC = b"PAR1"
_AT_ONCE = 2_000
# Larger whole numbers are not exact in a float, so nobody meant them as such.
_EXACT = 2.0**53

# What a value raises that Python cannot hold: beyond the calendar, or in a zone that is none.
_UNREADABLE = (ValueError, OverflowError, KeyError, pa.ArrowException)


def is_parquet(path: Path) -> bool:
    """Whether the file begins as Parquet does. Raises OSError. A pipe can be read once only, and is none."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def parquet_header(path: Path) -> list[str]:
    """The columns. Raises `MappingInvalid` for a file that cannot be read, or a column that is no plain value."""
    try:
        schema = pq.read_schema(path)
    except pa.ArrowException:
        raise MappingInvalid([f"{path}: not readable as Parquet"], names_file=True) from None
    if nested := [field.name for field in schema if pa.types.is_nested(field.type)]:
        problems = [f"{path}: column `{name}` holds lists or structures, not one value" for name in nested]
        raise MappingInvalid(problems, names_file=True)
    return [name.strip() for name in schema.names]


def parquet_rows(path: Path) -> Iterator[list[str] | None]:
    """The cells of each row, an absent value being empty, a few thousand rows in memory at a time. None for a row with
    a value that no clock or calendar holds. Raises `MappingInvalid` when the file ends badly."""
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_AT_ONCE):
                yield from _rows(batch)
    except (pa.ArrowException, OSError):
        raise MappingInvalid([f"{path}: not readable as Parquet behind its header"], names_file=True) from None


def _rows(batch: pa.RecordBatch) -> Iterator[list[str] | None]:
    for number in range(batch.num_rows):
        try:
            yield [as_text(column[number].as_py(), _digits(column.type)) or "" for column in batch.columns]
        except _UNREADABLE:
            yield None


def _digits(kind: pa.DataType) -> int:
    """How many decimal digits a float of this width holds."""
    return 4 if pa.types.is_float16(kind) else 7 if pa.types.is_float32(kind) else 17


def as_text(value: Any, digits: int = 17) -> str | None:
    """As a person would write it: whole numbers without a fraction, times with their zone where they have one, and no
    more `digits` than the number has."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value != value:
            return None
        value = float(f"{value:.{digits}g}")
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="surrogateescape")
    return str(value)
