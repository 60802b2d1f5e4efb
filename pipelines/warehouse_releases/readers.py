"""Read the current release. Needs neither broker nor builder, and reaches nothing but what the tier is made of."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import duckdb

from network_registry.database import open_registry
from network_registry.exports import record_export
from network_registry.home import Home
from warehouse_releases.build_folders import TIERS, BuildFolder, current_release
from warehouse_releases.confinement import connect_confined, only_reads
from warehouse_releases.damage import ManifestUnreadable, read_listing, store_beside
from warehouse_releases.json_values import json_value
from warehouse_releases.ledger import list_recorded

Tier = Literal["analyst", "officer"]
Format = Literal["parquet", "csv"]

# How often to follow the link again when a version was removed between the link and the file.
_TRIES = 3


class ReleaseUnreadable(Exception):
    """There is no release, the tier may not be read, or the statement is wrong: one line that says which."""


def query(home: Home, sql: str, tier: Tier = "analyst") -> list[dict[str, Any]]:
    """Run one statement on the current release. Returns JSON-able rows. Raises `ReleaseUnreadable`."""
    with _opened(home, tier) as connection:
        try:
            statement = _only_statement(connection, sql)
            if tier == "officer" and not only_reads(connection, statement):
                raise ReleaseUnreadable("the officer tier answers queries, and nothing else")
            columns, rows = _run(connection, statement)
        except (duckdb.Error, ValueError, OverflowError) as error:
            raise ReleaseUnreadable(_one_line(error)) from None
    return [dict(zip(columns, map(json_value, row), strict=True)) for row in rows]


def list_releases(home: Home, limit: int | None = 100) -> list[dict[str, Any]]:
    """The latest builds that got a verdict, newest first; `current` marks the release on show. JSON-able."""
    current = current_release(home)
    shown = current.release_id if current else None
    return [
        release.as_json() | {"current": release.release_id == shown, "kept": Path(release.folder).is_dir()}
        for release in list_recorded(open_registry(home), limit)
    ]


def export(
    home: Home, tables: list[str], folder: Path, format: Format = "parquet", tier: Tier = "analyst"
) -> list[Path]:
    """Write tables of the current release, all of its marts when none is named, into `folder`; the files' paths.

    Raises `ReleaseUnreadable`, also when a table is not in the tier.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReleaseUnreadable(_one_line(error)) from None
    # One opened file for all tables, so that they are of one release.
    with _opened(home, tier) as connection:
        known = [row[0] for row in connection.execute(_TABLES).fetchall()]
        if unknown := [table for table in tables if table not in known]:
            raise ReleaseUnreadable(f"the {tier} tier has no table {', '.join(unknown)}; it has {', '.join(known)}")
        chosen = {table: folder / f"{table}.{format}" for table in tables or known}
        release_id = int(Path(_file_of(connection)).parents[1].name)
        record_export(open_registry(home), release_id, tier, folder, [path.name for path in chosen.values()])
        return [_write(connection, table, path, format) for table, path in chosen.items()]


_TABLES = """
select table_name
from information_schema.tables
where table_schema = 'main' and table_catalog = current_database()
order by table_name
"""


_FILE = "select path from duckdb_databases() where database_name = current_database()"


@contextmanager
def _opened(home: Home, tier: Tier) -> Iterator[duckdb.DuckDBPyConnection]:
    if tier not in TIERS:
        raise ReleaseUnreadable(f"there is no tier {tier!r}: {' or '.join(TIERS)}")
    connection = _connect(home, tier)
    try:
        yield connection
    finally:
        # After a second Ctrl-C the statement may still be at work, and the connection refuses.
        with suppress(duckdb.Error):
            connection.close()


def _connect(home: Home, tier: Tier) -> duckdb.DuckDBPyConnection:
    attempt = 1
    while True:
        release = _require_release(home)
        path = release.warehouse(tier)
        try:
            return connect_confined(path, _stored(release) if tier == "officer" else ())
        except (duckdb.Error, ManifestUnreadable) as error:
            if path.exists() or attempt == _TRIES:
                raise ReleaseUnreadable(f"the {tier} tier cannot be read: {_one_line(error)}") from None
            attempt += 1


def _stored(release: BuildFolder) -> list[Path]:
    """The files that the release's views read. Raises `ManifestUnreadable`."""
    listing = read_listing(release)
    return [store_beside(release) / part.file for part in listing.partitions] if listing else []


def _require_release(home: Home) -> BuildFolder:
    release = current_release(home.require())
    if release is None:
        raise ReleaseUnreadable("there is no release yet: `meridian build` makes one")
    return release


def _file_of(connection: duckdb.DuckDBPyConnection) -> str:
    return connection.execute(_FILE).fetchall()[0][0]


def _run(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> tuple[list[str], list[tuple]]:
    """In a thread of its own: DuckDB would not give way to a Ctrl-C before the statement is over."""

    def work() -> tuple[list[str], list[tuple]]:
        result = connection.execute(statement)
        return _distinct([column[0] for column in result.description or ()]), result.fetchall()

    with ThreadPoolExecutor(1, "query") as worker:
        running = worker.submit(work)
        try:
            return running.result()
        except KeyboardInterrupt:
            connection.interrupt()
            raise


def _only_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise ReleaseUnreadable(f"one statement, please, not {len(statements)}")
    return statements[0]


def _write(connection: duckdb.DuckDBPyConnection, table: str, path: Path, format: Format) -> Path:
    """By Arrow, because the confined connection itself can write no file."""
    import pyarrow.csv
    import pyarrow.parquet

    rows = connection.sql(f'from "{table}"').to_arrow_table()
    try:
        if format == "csv":
            pyarrow.csv.write_csv(rows, path)
        else:
            pyarrow.parquet.write_table(rows, path, compression="zstd")
    except (OSError, pyarrow.ArrowException) as error:
        raise ReleaseUnreadable(f"{table} cannot be written as {format}: {_one_line(error)}") from None
    return path


def _distinct(columns: list[str]) -> list[str]:
    """Two columns of one name would be one key of an object: the second is called `name_2`."""
    found: list[str] = []
    for column in columns:
        name, number = column, 2
        while name in found:
            name, number = f"{column}_{number}", number + 1
        found.append(name)
    return found


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
