"""The analyst's file: the marts of the analyst tier, and beside each measure whether it may be shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

# Disclosure control is still to come: until then nothing is withheld, and the README says what that means.
SHOWN = "shown"
_TIER = "analyst"


class TierNotDeclared(Exception):
    """A mart of the analyst tier names a measure that it does not have, or the project names no such mart."""


@dataclass(frozen=True)
class AnalystMart:
    """A mart that analysts may see: its measures get a `<measure>_status` each."""

    name: str
    measures: tuple[str, ...]
    description: str
    columns: dict[str, str]


def analyst_marts(dbt_manifest: dict[str, Any]) -> list[AnalystMart]:
    """The models that the project gives to analysts, from dbt's `manifest.json`, by name."""
    nodes = (node for node in dbt_manifest["nodes"].values() if node["resource_type"] == "model")
    marts = [_mart(node) for node in nodes if node["config"].get("meta", {}).get("tier") == _TIER]
    if not marts:
        raise TierNotDeclared("the dbt project gives no mart to the analyst tier")
    return sorted(marts, key=lambda mart: mart.name)


def write_analyst_file(officer: Path, analyst: Path, marts: list[AnalystMart]) -> None:
    """Copy `marts` from the officer's file into a new file. Raises `TierNotDeclared` or `duckdb.Error`."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {_text(str(officer))} as officer (read_only)")
        # Readers of DuckDB 1.5 must be able to open the file.
        connection.execute(f"attach {_text(str(analyst))} as analyst (storage_version 'v1.0.0')")
        for mart in marts:
            _copy(connection, mart)
        connection.execute("checkpoint analyst")


def _copy(connection: duckdb.DuckDBPyConnection, mart: AnalystMart) -> None:
    columns = {row[0] for row in connection.execute(f"describe officer.main.{_name(mart.name)}").fetchall()}
    if unknown := set(mart.measures) - columns:
        raise TierNotDeclared(f"{mart.name} has no measure {', '.join(sorted(unknown))}")
    statuses = [f"{_text(SHOWN)} as {_name(f'{measure}_status')}" for measure in mart.measures]
    select = f"select {', '.join(['*', *statuses])} from officer.main.{_name(mart.name)}"
    connection.execute(f"create table analyst.main.{_name(mart.name)} as {select}")
    for comment in _comments(mart, columns):
        connection.execute(comment)


def _comments(mart: AnalystMart, columns: set[str]) -> Iterator[str]:
    table = f"analyst.main.{_name(mart.name)}"
    yield f"comment on table {table} is {_text(mart.description)}"
    for column, description in mart.columns.items():
        if column in columns:
            yield f"comment on column {table}.{_name(column)} is {_text(description)}"


def _mart(node: dict[str, Any]) -> AnalystMart:
    columns = {name: column.get("description", "") for name, column in node["columns"].items()}
    measures = tuple(node["config"]["meta"].get("measures", ()))
    return AnalystMart(node["name"], measures, node.get("description", ""), columns)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
