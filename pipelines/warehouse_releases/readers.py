"""Read the current release. Needs neither broker nor builder, and reaches nothing but what the tier is made of."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import duckdb

from network_registry.database import open_registry
from network_registry.home import Home
from warehouse_releases.build_folders import TIERS, BuildFolder, current_release
from warehouse_releases.citations import Citation, Source, cite, source_of
from warehouse_releases.confinement import connect_confined, only_reads
from warehouse_releases.damage import ManifestUnreadable, read_listing, read_manifest, store_beside
from warehouse_releases.json_values import json_value
from warehouse_releases.ledger import list_recorded
from warehouse_releases.lock_folders import LockDamaged, list_locks
from warehouse_releases.one_line import in_one_line

Tier = Literal["analyst", "officer"]
Rows = list[dict[str, Any]]

# How often to follow the link again when a version was removed between the link and the file.
_TRIES = 3


class ReleaseUnreadable(Exception):
    """There is no release, the tier may not be read, or the statement is wrong: one line that says which."""


class NotLocked(ReleaseUnreadable):
    """There is a release, and no data lock yet."""


def query(home: Home, sql: str, tier: Tier = "analyst", lock: str | None = None) -> Rows:
    """Run one statement on the current release, or on what an earlier lock showed to analysts. Returns JSON-able rows.

    Raises `ReleaseUnreadable`."""
    with opened(home, tier, lock) as connection:
        return _answered(connection, sql, tier)


def query_cited(home: Home, sql: str, tier: Tier = "analyst", lock: str | None = None) -> tuple[Rows, Citation]:
    """The same, with what the answer is to be cited by. Raises `ReleaseUnreadable`."""
    with opened(home, tier, lock) as connection:
        rows = _answered(connection, sql, tier)
        return rows, cite(source_opened(connection), sql, rows)


def list_releases(home: Home, limit: int | None = 100) -> list[dict[str, Any]]:
    """The latest builds that got a verdict, newest first; `current` marks the release on show. JSON-able."""
    current = current_release(home)
    shown = current.release_id if current else None
    return [
        release.as_json() | {"current": release.release_id == shown, "kept": Path(release.folder).is_dir()}
        for release in list_recorded(open_registry(home), limit)
    ]


_FILE = "select path from duckdb_databases() where database_name = current_database()"


@contextmanager
def opened(home: Home, tier: Tier, lock: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file of a tier, confined to itself. Raises `ReleaseUnreadable`."""
    if tier not in TIERS:
        raise ReleaseUnreadable(f"there is no tier {tier!r}: {' or '.join(TIERS)}")
    connection = _connect(home, tier) if lock is None else _connect_locked(home, tier, lock)
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
            if tier == "analyst" and read_manifest(release).get("lock", "not said") is None:
                raise NotLocked("analysts see data locks, and there is none yet: `meridian lock` makes one")
            return connect_confined(path, _stored(release) if tier == "officer" else ())
        except (duckdb.Error, ManifestUnreadable) as error:
            if path.exists() or attempt == _TRIES:
                raise ReleaseUnreadable(f"the {tier} tier cannot be read: {in_one_line(error)}") from None
            attempt += 1


def _connect_locked(home: Home, tier: Tier, lock: str) -> duckdb.DuckDBPyConnection:
    if tier != "analyst":
        raise ReleaseUnreadable("a lock is what analysts read: the officer tier has none")
    try:
        locks = {made.period: made.folder.analyst_file for made in list_locks(home.require())}
        if lock not in locks:
            raise ReleaseUnreadable(f"there is no lock {lock}; there is {', '.join(locks) or 'none'}")
        return connect_confined(locks[lock])
    except (LockDamaged, duckdb.Error) as error:
        raise ReleaseUnreadable(f"lock {lock} cannot be read: {in_one_line(error)}") from None


def _stored(release: BuildFolder) -> list[Path]:
    """The files that the release's views read. Raises `ManifestUnreadable`."""
    listing = read_listing(release)
    return [store_beside(release) / part.file for part in listing.partitions] if listing else []


def _require_release(home: Home) -> BuildFolder:
    release = current_release(home.require())
    if release is None:
        raise ReleaseUnreadable("there is no release yet: `meridian build` makes one")
    return release


def source_opened(connection: duckdb.DuckDBPyConnection) -> Source:
    """What is to be cited of the file that was opened. Raises `ReleaseUnreadable`."""
    try:
        return source_of(Path(connection.execute(_FILE).fetchall()[0][0]))
    except (OSError, ValueError, KeyError) as error:
        raise ReleaseUnreadable(f"the release cannot be cited: {in_one_line(error)}") from None


def _answered(connection: duckdb.DuckDBPyConnection, sql: str, tier: Tier) -> Rows:
    try:
        statement = _only_statement(connection, sql)
        if tier == "officer" and not only_reads(connection, statement):
            raise ReleaseUnreadable("the officer tier answers queries, and nothing else")
        columns, rows = _run(connection, statement)
    except (duckdb.Error, ValueError, OverflowError) as error:
        raise ReleaseUnreadable(in_one_line(error)) from None
    return [dict(zip(columns, map(json_value, row), strict=True)) for row in rows]


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


def _distinct(columns: list[str]) -> list[str]:
    """Two columns of one name would be one key of an object: the second is called `name_2`."""
    found: list[str] = []
    for column in columns:
        name, number = column, 2
        while name in found:
            name, number = f"{column}_{number}", number + 1
        found.append(name)
    return found
