"""The analysts' marts over closed periods, read from the database where a lock let dbt make them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from disclosure_control.declarations import Declaration
from disclosure_control.holding import OpenTable

SCHEMA = "locked"


def read_open_tables(database: Path, declarations: Mapping[str, Declaration]) -> list[OpenTable]:
    """Every column that a declaration names. Raises `duckdb.Error`."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return [OpenTable(each, _rows(connection, name, each)) for name, each in declarations.items()]


def read_types(database: Path, marts: Iterable[str]) -> dict[str, dict[str, str]]:
    """The types of the marts' columns, by mart and name."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return {
            mart: {row[0]: row[1] for row in connection.execute(f'describe {SCHEMA}."{mart}"').fetchall()}
            for mart in marts
        }


def read_newest_arrival(database: Path) -> datetime | None:
    """When the last event came that the release knows, UTC; what comes later is news to the next lock."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute("select max(received_at) from staging.stg_events").fetchall()[0][0]


def drop_locked_marts(database: Path) -> None:
    """What the next build goes on from is the same, whether there was a lock or not."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"drop schema if exists {SCHEMA} cascade")
        connection.execute("checkpoint")


def _rows(connection: duckdb.DuckDBPyConnection, mart: str, declaration: Declaration) -> list[dict[str, Any]]:
    columns = sorted(declaration.columns)
    named = ", ".join(f'"{column}"' for column in columns)
    rows = connection.execute(f'select {named} from {SCHEMA}."{mart}" order by all').fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]
