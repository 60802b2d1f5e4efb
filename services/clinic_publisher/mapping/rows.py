"""Read the rows of a table, CSV or Parquet: trimmed cells by column, an empty or `missing` cell being None."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clinic_publisher.mapping.inspection import MappingInvalid
from clinic_publisher.mapping.mapping import Mapping
from clinic_publisher.mapping.parquet_rows import is_parquet, parquet_header, parquet_rows
from clinic_publisher.mapping.row import Row


@dataclass(frozen=True)
class FileRow:
    """A row and the line it begins on; `refused` says why it cannot be read."""

    line: int
    cells: Row
    refused: str | None = None


def read_rows(path: Path, mapping: Mapping) -> Iterator[FileRow]:
    """The rows of a file. Raises `MappingInvalid` before the first when the header does not fit, OSError on reading.

    A byte-order mark and either line end are taken as they come. Text that is not UTF-8 costs its row, not the file.
    Of Parquet the line is the number of the row, from 1.
    """
    if is_parquet(path):
        header = _unique(parquet_header(path), path)
        mapping.check_header(header)
        for number, cells in enumerate(parquet_rows(path), start=1):
            unread = FileRow(number, {}, "holds a value beyond any calendar or clock")
            yield unread if cells is None else _row(number, cells, header, mapping)
        return
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, delimiter=mapping.delimiter, strict=True)
        header = _header(reader, path)
        mapping.check_header(header)
        yield from _rows(reader, header, mapping)


def _header(reader, path: Path) -> list[str]:
    try:
        header = [name.strip() for name in next(reader)]
    except StopIteration:
        raise MappingInvalid([f"{path}: the file is empty"], names_file=True) from None
    except csv.Error as error:
        raise MappingInvalid([f"{path}: line 1: {error}"], names_file=True) from None
    return _unique(header, path)


def _unique(header: list[str], path: Path) -> list[str]:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise MappingInvalid([f"{path}: two columns are called `{name}`" for name in twice], names_file=True)
    return header


def _rows(reader, header: list[str], mapping: Mapping) -> Iterator[FileRow]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield FileRow(line, {}, _unreadable(line, reader.line_num, error))
            continue
        if any(cell.strip() for cell in cells):
            yield _row(line, cells, header, mapping)


def _unreadable(first: int, last: int, error: csv.Error) -> str:
    """A quote that is never closed takes in the lines behind it: how far, must be said, for none of them is read."""
    if last <= first:
        return f"not readable: {error}"
    return f"nothing could be read from line {first} to line {last}: {error} (is a quote not closed?)"


def _row(line: int, cells: list[str], header: list[str], mapping: Mapping) -> FileRow:
    if len(cells) != len(header):
        return FileRow(line, {}, f"{len(cells)} cells, where the header has {len(header)}")
    if any("\udc80" <= letter <= "\udcff" for cell in cells if not cell.isascii() for letter in cell):
        return FileRow(line, {}, "not UTF-8")
    trimmed = [cell.strip() for cell in cells]
    return FileRow(
        line, {name: None if cell in mapping.missing else cell for name, cell in zip(header, trimmed, strict=True)}
    )
