"""A home that was moved or copied: the views of its versions name the files of the store by the paths of before."""

import shutil
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from warehouse_releases.build_folders import BuildFolder
from warehouse_releases.damage import read_listing, read_manifest, store_beside
from warehouse_releases.durable_files import write_durably
from warehouse_releases.officer_file import Description, comments, views
from warehouse_releases.quoting import text
from warehouse_releases.store_partitions import Listing


def follow_home(version: BuildFolder) -> dict[str, Any] | None:
    """Let the views of a whole version read the store beside it. The manifest that says so, or None when they did.

    Who dies before it is written leaves a version that is followed again, or found damaged: never a wrong one.
    """
    listing = read_listing(version)
    if listing is None or listing.folder == str(store_beside(version)):
        return None
    moved = msgspec.structs.replace(listing, folder=str(store_beside(version)))
    officer = version.warehouse("officer")
    write_durably(officer, lambda aside: _write(officer, aside, moved))
    return read_manifest(version) | {"store": msgspec.to_builtins(moved)}


def _write(officer: Path, aside: Path, moved: Listing) -> None:
    shutil.copyfile(officer, aside)
    with duckdb.connect() as connection:
        connection.execute(f"attach {text(str(aside))} as release")
        told = _told(connection)
        for statement in views(moved):
            connection.execute(statement)
        for statement in comments(connection, told):
            connection.execute(statement)
        connection.execute("checkpoint release")


def _told(connection: duckdb.DuckDBPyConnection) -> dict[str, Description]:
    """The comments that are there, which a new view would lose."""
    columns: dict[str, dict[str, str]] = {}
    for table, column, comment in connection.execute(
        "select schema_name || '.' || table_name, column_name, comment from duckdb_columns()"
        " where database_name = 'release' and comment is not null"
    ).fetchall():
        columns.setdefault(table, {})[column] = comment
    found = connection.execute(
        "select schema_name || '.' || view_name, coalesce(comment, '') from duckdb_views()"
        " where database_name = 'release' and not internal"
    ).fetchall()
    return {table: Description(comment, columns.get(table, {})) for table, comment in found}
