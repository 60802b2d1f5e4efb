"""Copy tables of the current release into files, and say beside them what they are to be cited by."""

import json
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from network_registry.database import open_registry
from network_registry.exports import record_export
from network_registry.home import Home
from warehouse_releases.citations import Source, cite, file_checksum
from warehouse_releases.json_values import json_value
from warehouse_releases.one_line import in_one_line
from warehouse_releases.quoting import name
from warehouse_releases.readers import ReleaseUnreadable, Tier, opened, source_opened

Format = Literal["parquet", "csv"]

# What an export is to be cited by, of every file in its folder, also of an earlier export's.
CITATIONS = "citations.json"

_TABLES = """
select table_name
from information_schema.tables
where table_schema = 'main' and table_catalog = current_database()
order by table_name
"""


def export(
    home: Home, tables: list[str], folder: Path, format: Format = "parquet", tier: Tier = "analyst"
) -> list[Path]:
    """Write tables of the current release, all of its marts when none is named, into `folder`; the files' paths.

    Raises `ReleaseUnreadable`, also when a table is not in the tier.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReleaseUnreadable(in_one_line(error)) from None
    # One opened file for all tables, so that they are of one release.
    with opened(home, tier) as connection:
        chosen = _chosen(connection, tables, tier)
        source = source_opened(connection)
        files = {table: folder / f"{table}.{format}" for table in chosen}
        record_export(
            open_registry(home), source.release_id, tier, folder, [*(path.name for path in files.values()), CITATIONS]
        )
        said = {path.name: _written(connection, table, path, source) for table, path in files.items()}
    _write_citations(folder / CITATIONS, said)
    return list(files.values())


def _chosen(connection: duckdb.DuckDBPyConnection, tables: list[str], tier: Tier) -> list[str]:
    known = [row[0] for row in connection.execute(_TABLES).fetchall()]
    if unknown := [table for table in tables if table not in known]:
        raise ReleaseUnreadable(f"the {tier} tier has no table {', '.join(unknown)}; it has {', '.join(known)}")
    return tables or known


def _written(connection: duckdb.DuckDBPyConnection, table: str, path: Path, source: Source) -> dict[str, Any]:
    """Write one table; what it is to be cited by, with a checksum of the file's own bytes."""
    statement = f"from {name(table)}"
    rows = connection.sql(statement).to_arrow_table()
    _write(table, rows, path)
    values = [{column: json_value(value) for column, value in row.items()} for row in rows.to_pylist()]
    return {"query": statement, **cite(source, statement, values).as_json(), "export_checksum": file_checksum(path)}


def _write(table: str, rows: pa.Table, path: Path) -> None:
    """By Arrow, because the confined connection itself can write no file."""
    try:
        if path.suffix == ".csv":
            pyarrow.csv.write_csv(rows, path)
        else:
            pyarrow.parquet.write_table(rows, path, compression="zstd")
    except (OSError, pa.ArrowException) as error:
        format = path.suffix.removeprefix(".")
        raise ReleaseUnreadable(f"{table} cannot be written as {format}: {in_one_line(error)}") from None


def _write_citations(path: Path, said: dict[str, dict[str, Any]]) -> None:
    """What an earlier export said of files that are still there stays."""
    try:
        earlier = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        kept = {file: each for file, each in earlier.items() if (path.parent / file).exists()}
        path.write_text(json.dumps(kept | said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except (OSError, ValueError, AttributeError) as error:
        raise ReleaseUnreadable(f"{path.name} cannot be written: {in_one_line(error)}") from None
