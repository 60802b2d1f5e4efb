"""Reading a release: JSON-able answers from the one file of the tier, and nothing else can be reached."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import duckdb
import psutil
import pyarrow.parquet as pq
import pytest

from network_registry.database import open_registry
from warehouse_releases import versions
from warehouse_releases.build_folders import BuildFolder
from warehouse_releases.exporting import export
from warehouse_releases.readers import ReleaseUnreadable, list_releases, query

MOMENT = datetime(2026, 9, 1, 8, tzinfo=UTC).isoformat()


def publish(home, marts: dict[str, str]) -> BuildFolder:
    """A release whose analyst file has these tables, and whose officer file has a schema `core` besides."""
    engine = open_registry(home)
    build = BuildFolder(home.builds / str(versions.next_release_id(home, engine))).create()
    for tier in ("officer", "analyst"):
        with duckdb.connect(str(build.warehouse(tier))) as connection:
            for name, sql in marts.items():
                connection.execute(f"create table {name} as {sql}")
            if tier == "officer":
                connection.execute("create schema core; create table core.patients as select 'p' as patient_id")
    versions.write_manifest(build, {"created_at": MOMENT, "as_of": MOMENT})
    versions.publish(home, engine, build)
    return build


@pytest.fixture
def released(home):
    publish(home, {"mart_a": "select 1 as n, 'x' as word", "mart_b": "select 2.5 as share"})
    return home


def test_the_marts_are_reachable_by_their_bare_names(released):
    assert query(released, "select n, word from mart_a") == [{"n": 1, "word": "x"}]


def test_every_value_can_be_said_as_json(released):
    (row,) = query(
        released,
        """
        select 1.50::decimal(9, 2) as half, 2.00::decimal(9, 2) as two, 'nan'::double as nan, '-inf'::double as inf,
            date '2026-09-01' as day, timestamptz '2026-09-01 10:00:00+02' as moment, [1, null] as list,
            {'a': date '2026-09-01'} as struct, map {'k': 1} as map, '\\xAB'::blob as bytes, interval 90 seconds as
                span,
            170141183460469231731687303715884105727 as huge, null as nothing, true as yes
        """,
    )
    assert json.loads(json.dumps(row, allow_nan=False)) == {
        "half": 1.5,
        "two": 2,
        "nan": None,
        "inf": None,
        "day": "2026-09-01",
        "moment": "2026-09-01T08:00:00+00:00",
        "list": [1, None],
        "struct": {"a": "2026-09-01"},
        "map": {"k": 1},
        "bytes": "ab",
        "span": 90.0,
        "huge": 2**127 - 1,
        "nothing": None,
        "yes": True,
    }


def test_two_columns_of_one_name_are_both_there(released):
    assert query(released, "select 1 as n, 2 as n, 3 as n") == [{"n": 1, "n_2": 2, "n_3": 3}]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from '{other}'",
        "select * from read_csv('{other}')",
        "select * from read_text('/etc/hostname')",
        "select * from glob('/*')",
        "attach '{officer}' as officer",
        "copy mart_a to '{folder}/stolen.csv'",
        "export database '{folder}/stolen'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "reset lock_configuration",
        "select * from secret_frame",
        "select * from core.patients",
        "create table mine as select 1",
        "insert into mart_a values (2, 'y')",
        "drop table mart_a",
    ],
)
def test_no_other_file_and_no_change_is_within_reach(released, tmp_path, statement):
    secret_frame = pq.read_table  # noqa: F841  (a name of this frame must not become a table)
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    officer = released.warehouse / "current" / "officer" / "warehouse.duckdb"
    with pytest.raises(ReleaseUnreadable) as refused:
        query(released, statement.format(other=other, officer=officer, folder=tmp_path))
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "stolen.csv").exists()
    assert not (tmp_path / "stolen").exists()


def test_the_officers_file_has_what_the_analysts_has_not(released):
    assert query(released, "select patient_id from core.patients", "officer") == [{"patient_id": "p"}]


@pytest.mark.parametrize("statement", ["", "-- nothing", "select 1; select 2", "selekt", "select * from mart_zzz"])
def test_what_is_no_single_query_is_one_line(released, statement):
    with pytest.raises(ReleaseUnreadable) as refused:
        query(released, statement)
    assert str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_home_without_a_release_says_so(home):
    with pytest.raises(ReleaseUnreadable, match="no release yet"):
        query(home, "select 1")
    assert list_releases(home) == []


def test_a_new_release_is_seen_by_the_next_query_and_the_old_one_stays_readable(released):
    reader = duckdb.connect(
        str((released.warehouse / "current").resolve() / "analyst" / "warehouse.duckdb"), read_only=True
    )
    publish(released, {"mart_a": "select 99 as n"})
    assert query(released, "select n from mart_a") == [{"n": 99}]
    assert reader.execute("select n from mart_a").fetchall() == [(1,)]
    assert [(one["release_id"], one["current"]) for one in list_releases(released)] == [(2, True), (1, False)]


def test_all_marts_or_the_named_ones_are_exported(released, tmp_path):
    written = export(released, [], tmp_path / "out")
    assert [path.name for path in written] == ["mart_a.parquet", "mart_b.parquet"]
    assert pq.read_table(written[0]).to_pylist() == [{"n": 1, "word": "x"}]
    (csv,) = export(released, ["mart_a"], tmp_path / "out", "csv")
    assert csv.read_text() == '"n","word"\n1,"x"\n'


def test_exporting_an_unknown_table_names_the_known_ones(released, tmp_path):
    with pytest.raises(ReleaseUnreadable, match="has no table mart_zzz; it has mart_a, mart_b"):
        export(released, ["mart_zzz"], tmp_path / "out")


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_or_two_end_a_statement_that_is_at_work(released, eventually, times):
    endless = "select count(*) from range(100000) a, range(10000000) b where a.range * b.range % 7 = 1"
    process = subprocess.Popen(
        [sys.executable, "-m", "control_room", "sql", endless],
        env={**os.environ, "MERIDIAN_HOME": str(released.root)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        used = psutil.Process(process.pid)
        # Importing takes less than half of that: the statement is at work.
        eventually(lambda: used.cpu_times().user > 6)
        for _ in range(times):
            process.send_signal(signal.SIGINT)
        interrupted_at = time.monotonic()
        assert process.communicate(timeout=30) == (None, "")
        assert process.returncode == 130
        assert time.monotonic() - interrupted_at < 10
    finally:
        process.kill()
