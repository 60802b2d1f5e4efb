"""The officer's file of a release: the marts as tables, and views of the store's files for the rows under them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse_releases.quoting import name, quoted, text
from warehouse_releases.store import STORED_SCHEMAS, NotKept, columns_of, store_tables
from warehouse_releases.store_partitions import Changed, Listing


@dataclass(frozen=True)
class Description:
    """What the project says of a table and its columns."""

    table: str
    columns: dict[str, str]


def descriptions(dbt_manifest: dict[str, Any]) -> dict[str, Description]:
    """Of every model and seed, by `schema.table`, from dbt's `manifest.json`."""
    nodes = (node for node in dbt_manifest.get("nodes", {}).values() if node["resource_type"] in ("model", "seed"))
    return {
        f"{node['schema']}.{node['name']}": Description(
            node.get("description", ""),
            {column: said.get("description", "") for column, said in node["columns"].items()},
        )
        for node in nodes
    }


def write_officer_file(
    database: Path,
    officer: Path,
    store: Path,
    told: dict[str, Description],
    previous: Listing | None = None,
    changed: Changed | None = None,
) -> Listing:
    """Make a release's file of a working database; returns what it needs of the store.

    `changed` says which partitions can differ from `previous`, the listing of the last release that was made of this
    database; None is all of them. Raises `NotKept` or `duckdb.Error`.
    """
    with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
        connection.execute(f"attach {text(str(database))} as warehouse (read_only)")
        # Readers of DuckDB 1.5 must be able to open the file.
        connection.execute(f"attach {text(str(officer))} as release (storage_version 'v1.0.0')")
        listing = store_tables(connection, store, previous, changed)
        # Thousands of small statements: each alone would be written to the disk by itself.
        connection.execute("begin")
        for statement in (*_tables(connection), *views(listing)):
            connection.execute(statement)
        _require_kept(connection, listing)
        for statement in comments(connection, told):
            connection.execute(statement)
        connection.execute("commit")
        connection.execute("checkpoint release")
    officer.chmod(0o600)
    return listing


def views(listing: Listing) -> Iterator[str]:
    """Statements that let an attached database `release` show the store's files as tables."""
    for table, stored in listing.tables.items():
        files = ", ".join(text(f"{listing.folder}/{part.file}") for _, part in sorted(stored.partitions.items()))
        yield f"create or replace view release.{name(table)} as select * from read_parquet([{files}])"


def comments(connection: duckdb.DuckDBPyConnection, told: dict[str, Description]) -> Iterator[str]:
    """Statements that say of an attached database `release` what is told of it."""
    for table, kind in _relations(connection, "release"):
        said = told.get(table, Description("", {}))
        where = f"release.{name(table)}"
        if said.table:
            yield f"comment on {'view' if kind == 'VIEW' else 'table'} {where} is {text(said.table)}"
        for column in columns_of(connection, where):
            if words := said.columns.get(column):
                yield f"comment on column {where}.{quoted(column)} is {text(words)}"


def _relations(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[tuple[str, str]]:
    """Each `schema.table`, and whether it is a BASE TABLE or a VIEW."""
    return connection.execute(
        "select table_schema || '.' || table_name, table_type from information_schema.tables"
        " where table_catalog = ? order by 1",
        [catalog],
    ).fetchall()


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for table, _ in _relations(connection, "warehouse"):
        schema = table.split(".")[0]
        yield f"create schema if not exists release.{quoted(schema)}"
        if schema not in STORED_SCHEMAS:
            yield f"create table release.{name(table)} as from warehouse.{name(table)}"


def _require_kept(connection: duckdb.DuckDBPyConnection, listing: Listing) -> None:
    for table in listing.tables:
        kept = columns_of(connection, f"release.{name(table)}")
        for column, kind in columns_of(connection, f"warehouse.{name(table)}").items():
            if kept[column] != kind:
                raise NotKept(f"{table}.{column} is a {kind}, which Parquet keeps as {kept[column]}")
