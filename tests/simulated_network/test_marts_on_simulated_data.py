"""The marts, built by dbt from what the stream would write of a simulated network, find what was planted in it.

No broker: the stream's decision is a pure function, and a Parquet file is what the lander makes of its answers.
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from simulated_network.judgement import judge_findings

# A dbt build of fifty thousand events, and dbt's own import: some 40 s of one core.
pytestmark = pytest.mark.timeout(900)


@dataclass
class Marts:
    signals: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    rules: list[dict[str, Any]]


@pytest.fixture(scope="module")
def marts(simulated_warehouse: Path) -> Marts:
    with duckdb.connect(str(simulated_warehouse), read_only=True) as warehouse:
        read = ("mart_clinic_signals", "mart_quarantine_reasons", "mart_rule_findings")
        return Marts(*(_rows(warehouse, mart) for mart in read))


def test_the_marts_find_every_plant_and_flag_no_decoy(marts: Marts, planted) -> None:
    judgement = judge_findings(planted.network.truth, marts.signals, marts.quarantine)
    assert (judgement.missed, judgement.false_alarms) == ((), ())
    assert len(judgement.found) == len(planted.network.truth.plants)


@pytest.mark.parametrize("column", ["found", "observed", "expected", "ratio_low", "ratio_high"])
def test_the_signals_are_those_of_the_oracle_to_the_last_figure(column: str, marts: Marts, planted) -> None:
    built = {(row["signal"], row["clinic_id"]): row[column] for row in marts.signals}
    expected = {(row["signal"], row["clinic_id"]): row[column] for row in planted.signals if column in row}
    wrong = {key: (built[key], value) for key, value in expected.items() if not _alike(built[key], value)}
    assert wrong == {}
    assert len(marts.signals) == 5 * len(planted.network.clinics)


def test_the_rules_of_the_warehouse_find_lapsed_licences_and_sessions_that_were_refused_and_nothing_else(
    marts: Marts, planted
) -> None:
    broken: dict[str, Counter[str]] = defaultdict(Counter)
    for row in marts.rules:
        if row["decided_in"] == "warehouse" and row["events"]:
            broken[row["code"]][row["clinic_id"]] += row["events"]
    assert broken.keys() == {"licence_not_valid", "session_unknown"}
    lapsed = {row["clinic_id"]: row["observed"] for row in planted.signals if row["signal"] == "lapsed_licence"}
    assert broken["licence_not_valid"] == {clinic: events for clinic, events in lapsed.items() if events}


def _alike(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else math.isclose(one, other, rel_tol=1e-9)


def _rows(warehouse: duckdb.DuckDBPyConnection, mart: str) -> list[dict[str, Any]]:
    return warehouse.sql(f"select * from {mart}").to_arrow_table().to_pylist()
