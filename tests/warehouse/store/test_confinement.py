"""An officer's statement reads the files of its release in the store, an analyst's none; nobody's writes one."""

import duckdb
import msgspec
import pytest

from network_registry.database import open_registry
from warehouse_releases import versions
from warehouse_releases.build_folders import BuildFolder, store
from warehouse_releases.exporting import export
from warehouse_releases.officer_file import write_officer_file
from warehouse_releases.readers import ReleaseUnreadable, query

MOMENT = "2026-09-01T08:00:00+00:00"


@pytest.fixture
def released(home, tmp_path):
    """A release whose file in the store has one patient; `other.parquet` lies there too, and is of no release."""
    with duckdb.connect(str(tmp_path / "working.duckdb")) as connection:
        connection.execute("create schema core; create table core.patients as select 'p' as patient_id, 1 as age")
        connection.execute("create table mart_patients as select 1 as patients")
    engine = open_registry(home)
    build = BuildFolder(home.builds / "1").create()
    listing = write_officer_file(tmp_path / "working.duckdb", build.warehouse("officer"), store(home), {})
    with duckdb.connect(str(build.warehouse("analyst"))) as connection:
        connection.execute("create table mart_patients as select 1 as patients")
        connection.execute(f"copy (select 1 as n) to '{store(home)}/other.parquet' (format parquet)")
    said = {"created_at": MOMENT, "as_of": MOMENT, "store": msgspec.to_builtins(listing)}
    versions.write_manifest(build, said)
    versions.publish(home, engine, build)
    return home


@pytest.fixture
def patients(released):
    (file,) = (store(released) / "core.patients").iterdir()
    return file


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("select patient_id from core.patients where age = 1", [{"patient_id": "p"}]),
        ("with one as (from core.patients) select count(*) as n from one", [{"n": 1}]),
        ("from query('select age from core.patients')", [{"age": 1}]),
        ("pivot core.patients on patient_id using max(age)", [{"p": 1}]),
        ("from '{patients}'", [{"patient_id": "p", "age": 1}]),
        ("select 'copy' as copy_to_file", [{"copy_to_file": "copy"}]),
        ("select patients from mart_patients -- all of them", [{"patients": 1}]),
    ],
)
def test_an_officer_queries_the_rows_of_the_release(released, patients, statement, answer):
    assert query(released, statement.format(patients=patients), "officer") == answer


@pytest.mark.parametrize("statement", ["describe core.patients", "summarize core.patients", "show all tables"])
def test_an_officer_looks_around(released, statement):
    assert query(released, statement, "officer")


_COPY = "copy (select 'q' as patient_id, 2 as age) to '{patients}' (format parquet, use_tmp_file false)"
_QUOTED_COPY = _COPY.replace("'", "''")


@pytest.mark.parametrize(
    "statement",
    [
        _COPY,
        "copy core.patients to '{patients}' (format parquet)",
        "copy core.patients to '{store}/stolen.parquet' (format parquet)",
        f"explain analyze {_COPY}",
        f"with written as ({_COPY}) from written",
        f"with written as ({_COPY}) select 1",
        f"select (with written as ({_COPY}) select count(*) from written)",
        f"from query('with written as ({_QUOTED_COPY}) from written')",
        f"from json_execute_serialized_sql(json_serialize_sql('with written as ({_QUOTED_COPY}) from written'))",
        f"prepare p as {_COPY}",
        "export database '{store}/stolen'",
        "attach '{store}/stolen.duckdb' as stolen",
        "create temp table mine as select 1",
        "set allowed_paths = ['/etc/hostname']",
        "set enable_external_access = true",
        "reset lock_configuration",
        "pragma version",
        "from '{store}/other.parquet'",
        "from '{store}/*/*.parquet'",
        "from '{store}/core.patients/../other.parquet'",
        "from glob('{store}/**')",
        "from read_text('{home}/warehouse/current/manifest.json')",
        "from read_duckdb('{home}/warehouse/current/analyst/warehouse.duckdb', table_name='mart_patients')",
        "from read_text('/etc/hostname')",
        "attach '{home}/warehouse/current/analyst/warehouse.duckdb' as analyst",
    ],
)
def test_an_officer_writes_nowhere_and_reads_nothing_else(released, patients, statement):
    held, there = patients.read_bytes(), sorted(store(released).rglob("*"))
    with pytest.raises(ReleaseUnreadable) as refused:
        query(released, statement.format(patients=patients, store=store(released), home=released.root), "officer")
    assert "\n" not in str(refused.value)
    assert patients.read_bytes() == held
    assert sorted(store(released).rglob("*")) == there


@pytest.mark.parametrize(
    "statement",
    [
        "from '{patients}'",
        "from read_parquet(['{patients}'])",
        "from parquet_metadata('{patients}')",
        "from read_blob('{patients}')",
        "from glob('{store}/**')",
        "from query('from ''{patients}''')",
        "from json_execute_serialized_sql(json_serialize_sql('from ''{patients}'''))",
        "from core.patients",
        "from read_duckdb('{home}/warehouse/current/officer/warehouse.duckdb', table_name='mart_patients')",
        "attach '{home}/warehouse/current/officer/warehouse.duckdb' as officer",
        _COPY,
        f"with written as ({_COPY}) from written",
    ],
)
def test_an_analyst_reaches_no_file_of_the_store(released, patients, statement):
    held = patients.read_bytes()
    with pytest.raises(ReleaseUnreadable):
        query(released, statement.format(patients=patients, store=store(released), home=released.root))
    assert patients.read_bytes() == held


def test_an_officer_exports_the_marts_of_the_release(released, tmp_path):
    (written,) = export(released, [], tmp_path / "out", "csv", "officer")
    assert written.read_text() == '"patients"\n1\n'
