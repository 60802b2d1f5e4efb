"""A small network made by hand, built once into a warehouse by the real dbt project: what the marts' tests read.

Each file of tests tells its own part of the network, in clinics of its own, in a function `tell(network)`. All parts
go into one build, which takes most of the time.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.enrich import NORMALISER_VERSION, enrich
from clinic_events.resources import bundled
from network_registry.topics import EVENTS, QUARANTINE
from warehouse_releases.landed_records import LANDED_TOPICS

AS_OF = "2026-07-01T00:00:00+00:00"
RECEIVED = datetime(2026, 6, 30, 12, tzinfo=UTC)
REGISTERED = datetime(2025, 1, 1)
BUILD_TIMEOUT_S = 240

Rows = Callable[..., list[dict[str, Any]]]


@dataclass
class Network:
    """What has landed: events in the order of their arrival, refusals, the registry; segments kept from before."""

    events: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[dict[str, Any]] = field(default_factory=list)
    time_zones: dict[str, str] = field(default_factory=dict)
    joined: dict[str, datetime] = field(default_factory=dict)
    studies: dict[str, str] = field(default_factory=dict)
    stored_segments: list[Path] = field(default_factory=list)

    def say(
        self,
        clinic: str,
        event_type: str,
        data: dict[str, Any] | str,
        *,
        at: str = "2026-01-05T09:00:00+00:00",
        patient: str | None = "p1",
        event_id: str | None = None,
        received: datetime | None = None,
        flags: tuple[str, ...] = (),
        facts: dict[str, Any] | None = None,
        is_test: bool = False,
        supersedes: str | None = None,
        recorded: str | None = None,
        source: tuple[str, int | None, int | None] | None = None,
    ) -> dict[str, Any]:
        """An accepted event lands. `data` may be text, for what no encoder would write; `facts` are those of the
        stream unless given; `source` is its name, epoch and sequence."""
        happened = datetime.fromisoformat(at)
        offset = happened.utcoffset() or timedelta()
        text = data if isinstance(data, str) else json.dumps(data)
        event = {
            **self._origin(clinic, len(self.events)),
            "event_id": event_id or f"e{len(self.events)}",
            "event_type": event_type,
            "schema_version": 1,
            "clinic_id": clinic,
            # By arithmetic: pyarrow cannot convert the last hours of the calendar to UTC.
            "occurred_at": (happened.replace(tzinfo=None) - datetime(1970, 1, 1) - offset) // timedelta(microseconds=1),
            "occurred_offset_min": offset // timedelta(minutes=1),
            "received_at": received or RECEIVED + timedelta(milliseconds=len(self.events)),
            "patient_id": patient,
            "key_version": 1,
            "flags": [{"code": code, "path": "/data"} for code in flags],
            "content_hash": hashlib.sha256(
                f"{event_type}{patient}{at}{text}{supersedes}{is_test}".encode()
            ).hexdigest(),
            "normaliser_version": NORMALISER_VERSION,
            "data": text,
            "facts": _facts(event_type, text) if facts is None else json.dumps(facts),
            "is_test": is_test,
            "supersedes": supersedes,
            "recorded_at": datetime.fromisoformat(recorded) if recorded else None,
            **dict(zip(("source_key", "source_epoch", "source_sequence"), source or (None, None, None), strict=True)),
        }
        self.events.append(event)
        return event

    def land_again(self, event: dict[str, Any], **changes: Any) -> None:
        """The stream repeats itself: the same origin, landed once more."""
        self.events.append({**event, "landed_offset": len(self.events), **changes})

    def refuse(self, clinic: str, event_type: str | None, *reasons: str) -> None:
        self.refusals.append(
            {
                **self._origin(clinic, 1_000_000 + len(self.refusals)),
                "clinic_id": clinic,
                "event_id": None,
                "event_type": event_type,
                "received_at": RECEIVED,
                "reasons": [{"code": code, "path": "/data"} for code in reasons],
                "says_serious": False,
            }
        )

    @staticmethod
    def _origin(clinic: str, number: int) -> dict[str, Any]:
        return {
            "origin_cluster_id": "cluster",
            "origin_topic": f"clinic.{clinic}.events",
            "origin_topic_id": f"topic-{clinic}",
            "origin_partition": 0,
            "origin_offset": number,
            "landed_partition": 0,
            "landed_offset": number,
        }

    def write(self, folder: Path) -> dict[str, Any]:
        """The segments and the registry's export, in the lander's own columns; the variables that a build brings."""
        registry = {
            "clinics": pa.table(
                {
                    "clinic_id": _texts(self.time_zones),
                    "timezone": _texts(self.time_zones.values()),
                    "added_at": pa.array(
                        [self.joined.get(clinic, REGISTERED) for clinic in self.time_zones], pa.timestamp("us")
                    ),
                    "suspended_at": pa.array([None] * len(self.time_zones), pa.timestamp("us")),
                }
            ),
            "studies": pa.table(
                {
                    "study_id": _texts(self.studies),
                    "reference_arm": _texts(self.studies.values()),
                    "registered_at": pa.array([REGISTERED] * len(self.studies), pa.timestamp("us")),
                }
            ),
        }
        for name, table in registry.items():
            pq.write_table(table, folder / f"{name}.parquet")
        half = len(self.events) // 2
        segments = {"first": self.events[:half], "second": self.events[half:]}
        for name, rows in segments.items():
            pq.write_table(pa.Table.from_pylist(rows, LANDED_TOPICS[EVENTS].schema), folder / f"{name}.parquet")
        refused = pa.Table.from_pylist(self.refusals, LANDED_TOPICS[QUARANTINE].schema)
        pq.write_table(refused, folder / "refused.parquet")
        return {
            "event_segments": [
                *map(str, self.stored_segments),
                *(str(folder / f"{name}.parquet") for name in segments),
            ],
            "quarantine_segments": [str(folder / "refused.parquet")],
            "registry_export": str(folder),
            "as_of": AS_OF,
        }


@dataclass(frozen=True)
class Built:
    """What `dbt build` said, and the file that it left."""

    exit_code: int
    output: str
    file: Path


def dbt_build(variables: dict[str, Any], folder: Path) -> Built:
    """The project as the platform runs it, in a process of its own; nothing is written beside the project."""
    project = str(bundled("dbt"))
    file = folder / "warehouse.duckdb"
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "build", "--full-refresh",
         "--project-dir", project, "--profiles-dir", project,
         "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"), "--no-use-colors",
         "--vars", json.dumps(variables)],
        env={**os.environ, "MERIDIAN_BUILD_DB": str(file), "MERIDIAN_BUILD_THREADS": "2"},
        capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False,
    )  # fmt: skip
    return Built(done.returncode, done.stdout + done.stderr, file)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The network that all files of this folder tell together, built once."""
    network, folder = Network(), tmp_path_factory.mktemp("marts")
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        part = getattr(_module(file), "tell", None)
        if part is not None:
            part(network)
    return dbt_build(network.write(folder), folder)


@pytest.fixture
def built_of_nothing(built: Built, tmp_path: Path) -> Built:
    """No event, no clinic: built over a copy of what was built before, as the platform builds."""
    shutil.copy(built.file, tmp_path / "warehouse.duckdb")
    return dbt_build(Network().write(tmp_path), tmp_path)


@pytest.fixture(scope="session")
def rows(built: Built) -> Rows:
    """Run one statement on the built warehouse; a list of dicts."""
    assert built.exit_code == 0, built.output[-3000:]

    def read(sql: str, *parameters: Any) -> list[dict[str, Any]]:
        with duckdb.connect(str(built.file), read_only=True) as connection:
            result = connection.execute(sql, parameters)
            columns = [column[0] for column in result.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    return read


def _facts(event_type: str, text: str) -> str:
    """What the stream would add to an event; nothing, where the text is not what the contract says."""
    try:
        data = msgspec.json.decode(text, type=EVENT_TYPES[event_type].data)
    except (msgspec.MsgspecError, UnicodeError):
        return "{}"
    return enrich(data).decode()


def _texts(values: Iterable[str]) -> pa.Array:
    return pa.array(list(values), pa.string())


def _module(file: Path) -> Any:
    specification = importlib.util.spec_from_file_location(f"{__package__}.told_{file.stem}", file)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
