"""The statements that dbt runs for a whole build and for an increment, to be run again on other events in a second.

dbt renders them once, strategies and all; of its own work only the making of tables is done here.
"""

import json
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.nodes import ModelNode

from clinic_events.resources import bundled
from network_registry.topics import EVENTS
from warehouse_releases.build_folders import WAREHOUSE_FILE
from warehouse_releases.build_inputs import BuildInputs
from warehouse_releases.dbt_build import let_go
from warehouse_releases.dbt_invocation import dbt_command, environment
from warehouse_releases.increments import Built
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.parsed_project import parse_project
from warehouse_releases.workshop import Work

from .conftest import Network

_LAYERS = ("staging", "core")
_ALL, _NEW = "all.parquet", "new.parquet"
_NOTHING = BuildInputs(Path(), [], {}, datetime(2026, 1, 1, tzinfo=UTC))
_TEMPORARY = re.compile(r'"?(\w+)__dbt_tmp\d+"?')


@dataclass(frozen=True)
class Statement:
    """What makes a model: its query, how it is kept, and what an increment does with the rows that the query gives."""

    relation: str
    query: str
    kept: str
    merge: str | None = None

    def run(self, connection: duckdb.DuckDBPyConnection) -> None:
        if self.merge is None:
            kind = "view" if self.kept == "view" else "table"
            connection.execute(f"create or replace {kind} {self.relation} as {self.query}")
            return
        connection.execute(f"create or replace temp table anew as {self.query}")
        connection.execute(self.merge)


@dataclass(frozen=True)
class ReplayedBuilds:
    """`folder` holds what every build reads: the registry and what landed. `seeds` is a database of vocabularies."""

    folder: Path
    seeds: Path
    whole: list[Statement]
    increment: list[Statement]

    def build(self, name: str, portions: list[list[dict]]) -> Path:
        """Build the first portion of landed events whole, and go on with each of the others; the database."""
        database = self.folder / name / WAREHOUSE_FILE
        database.parent.mkdir(exist_ok=True)
        shutil.copy(self.seeds, database)
        for number, portion in enumerate(portions):
            _write(self.folder / _NEW, portion)
            _write(self.folder / _ALL, [row for part in portions[: number + 1] for row in part])
            with duckdb.connect(str(database)) as connection:
                connection.execute("set TimeZone = 'UTC'; create schema if not exists staging")
                connection.execute("create schema if not exists core")
                for statement in self.increment if number else self.whole:
                    statement.run(connection)
            Work(database, _NOTHING, Built("", 0, {}, []), None).done()
        return database


def replayed_builds(folder: Path, time_zones: dict[str, str]) -> ReplayedBuilds:
    """Let dbt build nothing twice, whole and as an increment, and keep what it ran."""
    segments = {"event_segments": [str(folder / _ALL)], "new_event_segments": [str(folder / _NEW)]}
    variables = Network(time_zones=time_zones).write(folder) | segments
    for name in (_ALL, _NEW):
        _write(folder / name, [])
    _dbt(folder, ["seed", "--full-refresh"], variables)
    with duckdb.connect(str(folder / WAREHOUSE_FILE)) as connection:
        connection.execute("checkpoint")
    seeds = folder / "seeds.duckdb"
    shutil.copy(folder / WAREHOUSE_FILE, seeds)
    run = ["run", "--select", *_LAYERS]
    whole = [_statement(folder, node, False) for node in _dbt(folder, [*run, "--full-refresh"], variables)]
    increment = [_statement(folder, node, True) for node in _dbt(folder, run, {**variables, "is_increment": True})]
    return ReplayedBuilds(folder, seeds, whole, increment)


def differences(one: Path, other: Path) -> dict[str, int]:
    """By table, in how many rows two databases differ; without what an increment keeps for itself."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'one' "
            f"and schema_name in {_LAYERS} and not starts_with(table_name, 'touched_') order by all"
        ).fetchall()
        assert len(tables) > 40
        return {table: rows for (table,) in tables if (rows := _differing(connection, table))}


def _differing(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    sides = (f"(from one.{table} except all from other.{table})", f"(from other.{table} except all from one.{table})")
    found = connection.execute(f"select count(*) from ({' union all '.join(sides)})").fetchone()
    assert found is not None
    return found[0]


def _statement(folder: Path, node: ModelNode, is_increment: bool) -> Statement:
    kept, merge = node.config.materialized, None
    if is_increment and kept == "incremental":
        # Behind the temporary table: what is deleted, and what is inserted from it.
        ran = (folder / "target" / "run" / "meridian" / node.original_file_path).read_text()
        merge = _TEMPORARY.sub("anew", ran)
    return Statement(f"{node.schema}.{node.name}", node.compiled_code, kept, merge)


def _dbt(folder: Path, command: list[str], variables: dict) -> list[ModelNode]:
    """The nodes that ran, in their order."""
    project = bundled("dbt")
    name, *options = command
    given = [*dbt_command(name, project, folder), *options, "--vars", json.dumps(variables)]
    with environment(MERIDIAN_BUILD_DB=str(folder / WAREHOUSE_FILE), MERIDIAN_BUILD_THREADS="1"):
        done = dbtRunner(manifest=parse_project(project, bundled("schemas") / "vocabularies")).invoke(given)
        let_go()
    assert done.success, done.exception
    return [result.node for result in done.result]


def _write(path: Path, events: list[dict]) -> None:
    pq.write_table(pa.Table.from_pylist(events, LANDED_TOPICS[EVENTS].schema), path)
