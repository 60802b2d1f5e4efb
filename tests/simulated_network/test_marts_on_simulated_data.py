"""The marts, built by dbt from what the stream would write of a simulated network, find what was planted in it.

No broker: the stream's decision is a pure function, and a Parquet file is what the lander makes of its answers.
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow.parquet as pq
import pytest

from clinic_events.resources import bundled
from network_registry.keys import Key
from network_registry.topics import EVENTS, QUARANTINE, events_topic
from session_stream.decide import Source, decide
from session_stream.pseudonyms import StreamKeys
from simulated_network.judgement import judge_findings
from simulated_network.network import SimulatedNetwork
from warehouse_releases.build_folders import WAREHOUSE_FILE, BuildFolder
from warehouse_releases.build_inputs import BuildInputs, export_registry
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.segments import Segment
from warehouse_releases.segments import Source as LakeSource

RECEIVED_AT = datetime(2026, 7, 1, tzinfo=UTC)
# A dbt build of fifty thousand events, and dbt's own import: some 40 s of one core.
pytestmark = pytest.mark.timeout(900)

KEYS = StreamKeys(pseudonym=Key(1, b"p" * 32), network=Key(1, b"n" * 32), quarantine=Key(1, b"q" * 32))


@dataclass
class Marts:
    signals: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    rules: list[dict[str, Any]]


class Raw(NamedTuple):
    offset: int
    timestamp: int
    value: bytes


@pytest.fixture(scope="module")
def marts(planted, as_of: datetime, tmp_path_factory: pytest.TempPathFactory) -> Marts:
    from warehouse_releases.dbt_build import run_dbt

    folder = tmp_path_factory.mktemp("simulated")
    inputs = _inputs(planted.network, as_of, folder / "lake")
    build = BuildFolder(folder / "1").create()
    export_registry(inputs, build.registry_export)
    database = folder / WAREHOUSE_FILE
    outcome = run_dbt(bundled("dbt"), build, database, inputs.dbt_variables(build.registry_export), threads=2)
    assert (outcome.error, [node.name for node in outcome.failed_tests]) == (None, [])
    with duckdb.connect(str(database), read_only=True) as warehouse:
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


def _inputs(network: SimulatedNetwork, as_of: datetime, lake: Path) -> BuildInputs:
    landed = _landed(network)
    segments = [_write(lake, topic, rows) for topic, rows in landed.items()]
    clinics = [
        {"clinic_id": clinic.clinic_id, "name": clinic.name, "timezone": clinic.timezone, "added_at": RECEIVED_AT}
        for clinic in network.clinics
    ]
    return BuildInputs(lake, segments, {"clinics": clinics, "studies": []}, as_of)


def _landed(network: SimulatedNetwork) -> dict[str, list[tuple]]:
    """The rows of the two network topics that a build reads."""
    by_clinic: dict[str, list[Raw]] = defaultdict(list)
    for message in (*network.messages, *network.resent):
        topic = by_clinic[message.clinic_id]
        topic.append(Raw(len(topic), math.floor(RECEIVED_AT.timestamp() * 1000), message.raw))
    landed: dict[str, list[tuple]] = {EVENTS: [], QUARANTINE: []}
    for clinic_id, records in by_clinic.items():
        source = Source(clinic_id, "cluster", events_topic(clinic_id), f"id-{clinic_id}"[:22], 0)
        for output in decide(records, source, KEYS):
            if output.topic in landed:
                rows = landed[output.topic]
                rows.append((*LANDED_TOPICS[output.topic].decode(output.value)[1], 0, len(rows)))
    return landed


def _write(lake: Path, topic: str, rows: list[tuple]) -> Segment:
    segment = Segment(LakeSource(topic, "cluster", "topic-id", 0), 0, len(rows) - 1, date(2026, 7, 1))
    path = lake / segment.path
    path.parent.mkdir(parents=True)
    pq.write_table(LANDED_TOPICS[topic].table(rows), path, compression="zstd")
    return segment
