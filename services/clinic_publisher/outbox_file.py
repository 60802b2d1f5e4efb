"""The SQLite file of an outbox: its tables, and how it is opened so that a commit survives a kill or a power cut."""

import os
import sqlite3
from pathlib import Path

import stamina

# Of a wait of milliseconds there is nothing to tell, least of all on standard output.
stamina.instrumentation.set_on_retry_hooks([])

_VERSION = 1
_BUSY_SECONDS = 60.0

# `bodies` is apart so that a change of state does not write an event's bytes again. A landed event has no body.
_TABLES = """
create table events (
    n integer primary key,
    content_hash blob not null unique,
    event_id text,
    state text not null default 'queued' check (state in ('queued', 'sent', 'decided', 'landed')),
    cluster_id text,
    topic_id text,
    partition integer,
    "offset" integer,
    verdict text,
    reasons text,
    run integer not null references runs,
    check ((state = 'queued') = (topic_id is null))
) strict;
create index events_by_origin on events (topic_id, partition, "offset") where topic_id is not null;
create index events_by_state on events (state, n) where state <> 'landed';
create index events_by_run on events (run);
create table bodies (
    n integer primary key references events,
    message_key blob,
    body blob not null
) strict;
create table runs (run integer primary key) strict;
create table receipts_read (
    topic_id text primary key,
    next_offset integer not null
) strict;
"""


class OutboxUnusable(Exception):
    """The file is not an outbox, is damaged, or cannot be opened. One line."""


def open_file(path: Path) -> sqlite3.Connection:
    """Open an outbox, making it (0600: it holds patient references) when it is not there."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        return _connected(path)
    except (sqlite3.Error, OSError) as error:
        raise OutboxUnusable(f"the outbox {path} cannot be opened: {error}") from None


def _is_busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY


# SQLite does not wait for the lock that a change of the journal's mode takes, as two that open a new outbox at once do.
@stamina.retry(on=_is_busy, attempts=None, timeout=_BUSY_SECONDS, wait_initial=0.02, wait_max=0.5)
def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        # The bytes of an event that has landed are overwritten, not only forgotten: they hold a patient reference.
        connection.execute("pragma secure_delete = on")
        _create_tables(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _create_tables(connection: sqlite3.Connection) -> None:
    if _version(connection) == _VERSION:
        return
    # Two publishers may open a new outbox at once: the second waits here and finds the tables.
    connection.execute("begin immediate")
    with connection:
        if (found := _version(connection)) not in (0, _VERSION):
            raise sqlite3.DatabaseError(f"its format is {found}, this Meridian writes {_VERSION}")
        if found == 0:
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(f"pragma user_version = {_VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("pragma user_version").fetchone()[0]
