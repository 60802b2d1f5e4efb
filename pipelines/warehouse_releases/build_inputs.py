"""What one build is made from: a definite set of segments, the registry as it is now, and the moment it speaks of."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import DateTime, Engine, Table, select

from network_registry.erasures import rewritings
from network_registry.home import Home
from network_registry.settings import Settings
from network_registry.tables import clinics, studies
from network_registry.topics import EVENTS, QUARANTINE
from warehouse_releases.lake import list_segments, parquet_paths
from warehouse_releases.offset_ranges import merged
from warehouse_releases.segments import Segment, by_source

Rows = list[dict[str, Any]]

BUILT_TOPICS = (EVENTS, QUARANTINE)
_EXPORTED = (clinics, studies)


@dataclass(frozen=True)
class BuildInputs:
    """`registry` holds the rows of each exported table by its name; `as_of` is in UTC. `erasures` is how often patients
    were erased from the segments: the same ranges then hold other rows. `slices` are files with parts of segments, each
    with its topic: what a release of before was built from may end inside of what is one segment now."""

    lake: Path
    segments: list[Segment]
    registry: dict[str, Rows]
    as_of: datetime
    erasures: int = 0
    slices: tuple[tuple[str, str], ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for two sets of inputs from which the same release would be built, but for the passing of time."""
        described = json.dumps([self.segment_ranges, self.registry, self.erasures], default=str, sort_keys=True)
        return hashlib.sha256(described.encode()).hexdigest()[:16]

    @property
    def segment_ranges(self) -> Rows:
        """The offsets of each source that the build knows, as inclusive ranges. JSON-able."""
        return [
            {"topic": source.topic, "cluster_id": source.cluster_id, "topic_id": source.topic_id}
            | {
                "partition": source.partition,
                "ranges": [list(pair) for pair in merged(one.offsets for one in segments)],
            }
            for source, segments in by_source(self.segments).items()
        ]

    def dbt_variables(self, registry_export: Path, new: list[Segment] | None = None) -> dict[str, Any]:
        """`new` are the segments that are read, where the build goes on from the last one; None for all."""
        return {
            "is_increment": new is not None,
            "new_event_segments": parquet_paths(self.lake, EVENTS, new or ()),
            "event_segments": self._paths(EVENTS),
            "quarantine_segments": self._paths(QUARANTINE),
            "registry_export": str(registry_export),
            "as_of": self.as_of.isoformat(),
        }

    def _paths(self, topic: str) -> list[str]:
        sliced = [path for of_topic, path in self.slices if of_topic == topic]
        return [*parquet_paths(self.lake, topic, self.segments), *sliced]


def gather_inputs(home: Home, settings: Settings, engine: Engine) -> BuildInputs:
    """Everything that is there now; what lands later belongs to the next build."""
    as_of = settings.as_of or datetime.now(UTC)
    registry = {table.name: _rows(engine, table) for table in _EXPORTED}
    segments = list_segments(home.lake, BUILT_TOPICS)
    return BuildInputs(home.lake, segments, registry, as_of.astimezone(UTC), rewritings(engine))


def export_registry(inputs: BuildInputs, folder: Path) -> None:
    """Write `clinics.parquet` and `studies.parquet`, with the columns of the tables, into an existing folder."""
    for table in _EXPORTED:
        pq.write_table(
            pa.Table.from_pylist(inputs.registry[table.name], _schema(table)), folder / f"{table.name}.parquet"
        )


def _rows(engine: Engine, table: Table) -> Rows:
    with engine.connect() as connection:
        rows = connection.execute(select(table).order_by(*table.primary_key.columns))
        return [dict(row) for row in rows.mappings()]


def _schema(table: Table) -> pa.Schema:
    moment = pa.timestamp("us")
    return pa.schema(
        [(column.name, moment if isinstance(column.type, DateTime) else pa.string()) for column in table.columns]
    )
