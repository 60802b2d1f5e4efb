"""Ad-hoc statements as an analyst reach no row-level relation and no other file, whatever they try."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from network_registry.database import open_registry
from warehouse_releases import versions
from warehouse_releases.build_folders import BuildFolder
from warehouse_releases.readers import ReleaseUnreadable, query

from . import hostile_statements as hostile

# Stands in every file and relation that must not be reached.
SECRET = "pseudonym-of-a-patient"
MOMENT = datetime(2026, 9, 1, 8, tzinfo=UTC).isoformat()


@pytest.fixture
def released(home):
    """A release whose officer's file has patients."""
    build = BuildFolder(home.builds / "1").create()
    for tier in ("officer", "analyst"):
        with duckdb.connect(str(build.warehouse(tier))) as connection:
            connection.execute("create table mart_a as select 1 as n")
            if tier == "officer":
                for relation in ("core.patients", "core.sessions", "staging.stg_events"):
                    connection.execute(f"create schema if not exists {relation.split('.')[0]}")
                    connection.execute(f"create table {relation} as select '{SECRET}' as patient_id")
    versions.write_manifest(build, {"created_at": MOMENT, "as_of": MOMENT})
    versions.publish(home, open_registry(home), build)
    return home


@pytest.fixture
def targets(released, tmp_path) -> list[Path]:
    """Files beside the one that an analyst may read."""
    folder = tmp_path / "lake"
    folder.mkdir()
    (folder / "events.csv").write_text(f"patient_id\n{SECRET}\n")
    (folder / "cells.json").write_text(json.dumps([{"patient_id": SECRET}]))
    pq.write_table(pa.table({"patient_id": [SECRET]}), folder / "events.parquet")
    current = released.warehouse / "current"
    return [*sorted(folder.iterdir()), folder / "*", current / "officer" / "warehouse.duckdb",
            current / "analyst" / ".." / "officer" / "warehouse.duckdb"]  # fmt: skip


def _reached(home, statements: Iterable[str]) -> list[str]:
    return [statement for statement in statements if _answers_with_the_secret(home, statement)]


def _answers_with_the_secret(home, statement: str) -> bool:
    try:
        answer = query(home, statement)
    except ReleaseUnreadable as refused:
        return SECRET in str(refused)
    return SECRET in json.dumps(answer)


def test_five_hundred_statements_reach_nothing_and_leave_nothing_behind(released, targets, tmp_path, monkeypatch):
    monkeypatch.setenv("MERIDIAN_SECRET", SECRET)
    secret_frame = pa.table({"patient_id": [SECRET]})  # noqa: F841  (a name of this frame must not become a table)
    statements = [*hostile.reading(targets), *hostile.changing(targets), *hostile.looking_around()]
    assert len(set(statements)) >= 500
    before = _files(tmp_path)
    assert _reached(released, statements) == []
    assert _files(tmp_path) == before
    assert query(released, "from mart_a") == [{"n": 1}]


def _files(folder: Path) -> list[Path]:
    """All but what SQLite keeps beside the registry while it is open."""
    return sorted(path for path in folder.rglob("*") if not path.name.startswith("registry.db"))


def test_a_file_that_is_not_there_and_one_that_is_are_refused_alike(released, targets):
    """Else an analyst could ask which files there are."""
    for reader in ("read_csv", "read_parquet", "read_text", "glob"):
        assert _kind(released, f"from {reader}('{targets[0]}')") == _kind(released, f"from {reader}('/nowhere/at/all')")


def _kind(home, statement: str) -> str:
    with pytest.raises(ReleaseUnreadable) as refused:
        query(home, statement)
    return str(refused.value).split(":")[0]


def test_the_same_statements_reach_the_secret_where_nobody_is_confined(targets):
    """The corpus is worth something: on an open connection a good part of it succeeds."""
    reached = 0
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        for statement in hostile.reading(targets):
            try:
                reached += SECRET in str(connection.execute(statement).fetchall())
            except duckdb.Error:
                continue
    assert reached > 20
