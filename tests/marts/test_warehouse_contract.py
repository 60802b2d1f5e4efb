"""What others read: names, first columns and descriptions, and the file itself."""

import json
from typing import Any

import duckdb
import pytest

from disclosure_control.declarations import declare
from safety_statistics.rates import poisson_interval
from warehouse_releases.audit_rules import MART_RULES
from warehouse_releases.statistics_plugin import register

pytestmark = pytest.mark.xdist_group("marts")

FIRST_COLUMNS = {
    "mart_safety_by_clinic": "clinic_id month ae_screen_method sessions sessions_with_event events serious_events "
    "rate_per_1000 ci_low ci_high",
    "mart_side_effects": "term severity events sessions_with_event patients_with_event sessions rate_per_1000 "
    "ci_low ci_high",
    "mart_treatment_patterns": "condition_group point_code sessions share rank needles_per_session_mean "
    "retention_min_mean",
    "mart_outcome_by_arm": "study arm instrument month n mean sd baseline_mean baseline_sd responders responder_share",
    "mart_outcome_difference": "study instrument month n difference ci_low ci_high",
    "mart_data_quality": "clinic_id day check_id numerator denominator threshold status",
    "mart_clinic_signals": "signal clinic_id found observed expected ratio ratio_low ratio_high threshold detail",
    "mart_quarantine_reasons": "clinic_id event_type reason events",
    "mart_rule_findings": "clinic_id month code decided_in severity events events_judged endangers title",
}

OFFICERS = {"mart_clinic_signals", "mart_data_quality", "mart_quarantine_reasons", "mart_rule_findings"}
SAFETY = {
    "mart_safety_by_stratum", "mart_safety_by_exposure", "mart_serious_by_quarter", "mart_reporting_delay",
    "mart_published_comparison", "mart_side_effects_by_exposure", "mart_time_to_onset", "mart_positive_reactions",
}  # fmt: skip


@pytest.fixture(scope="module")
def models(built) -> dict[str, dict[str, Any]]:
    manifest = json.loads((built.file.parent / "target" / "manifest.json").read_text())
    nodes = manifest["nodes"].values()
    return {node["name"]: node for node in nodes if node["resource_type"] == "model"}


def test_a_network_that_has_sent_nothing_builds_too_over_a_copy_of_the_last_release(built_of_nothing) -> None:
    assert built_of_nothing.exit_code == 0, built_of_nothing.output[-3000:]
    with duckdb.connect(str(built_of_nothing.file), read_only=True) as connection:
        for mart in FIRST_COLUMNS:
            assert connection.execute(f"select count(*) from {mart}").fetchone() == (0,), mart


@pytest.mark.parametrize("mart", FIRST_COLUMNS)
def test_a_mart_is_reached_by_its_bare_name_and_begins_with_the_agreed_columns(rows, mart: str) -> None:
    columns = [row["column_name"] for row in rows(f"describe {mart}")]
    agreed = FIRST_COLUMNS[mart].split()
    assert columns[: len(agreed)] == agreed


def test_every_mart_for_analysts_is_audited_and_declares_its_measures(rows, models) -> None:
    given = {
        name: node["config"]["meta"] for name, node in models.items() if node["config"]["meta"].get("tier") == "analyst"
    }
    assert given.keys() >= FIRST_COLUMNS.keys() - OFFICERS
    assert given.keys() <= MART_RULES.keys()
    for name, meta in given.items():
        columns = {row["column_name"] for row in rows(f"describe {name}")}
        assert declare(name, meta).columns <= columns, name


def test_analysts_get_no_count_of_serious_events_but_by_quarter(models) -> None:
    given = {name: node for name, node in models.items() if node["config"]["meta"].get("tier") == "analyst"}
    assert given.keys() >= SAFETY
    for name, node in given.items():
        measures = node["config"]["meta"]["measures"]
        assert name == "mart_serious_by_quarter" or not any("serious" in measure for measure in measures), name


def test_every_column_of_every_model_is_described_and_every_sql_model_has_a_contract(rows, models) -> None:
    for name, node in models.items():
        columns = {row["column_name"] for row in rows(f'describe "{node["schema"]}"."{name}"')}
        described = {column for column, entry in node["columns"].items() if entry["description"]}
        assert described == columns, name
        assert node["description"], name
        assert node["language"] == "python" or node["config"]["contract"]["enforced"], name


def test_a_release_shows_no_patient_in_a_mart(rows) -> None:
    personal = rows(
        "select table_name, column_name from information_schema.columns where table_schema = 'main' "
        "and column_name in ('patient_id', 'session_id', 'event_id', 'case_id', 'practitioner_id')"
    )
    assert personal == []


def test_readers_of_duckdb_1_can_open_the_file(built) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built.file}' as built (read_only)")
        (tags,) = connection.execute(
            "select tags from duckdb_databases() where database_name = 'built'"
        ).fetchone() or ({},)
    assert tags["storage_version"].startswith("v1.0.0")


def test_an_interval_in_sql_is_the_interval_of_the_statistics_and_null_where_there_is_none() -> None:
    with duckdb.connect() as connection:
        register(connection)
        found = connection.execute(
            "select poisson_ci_low(events, 0.95), poisson_ci_high(events, 0.95) "
            "from (values (10), (0), (-1), (null), ('nan'::double)) as counted (events)"
        ).fetchall()
    low, high = poisson_interval([10, 0])
    assert found[:2] == [(low[0], high[0]), (low[1], high[1])]
    assert found[2:] == [(None, None)] * 3
