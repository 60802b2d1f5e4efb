"""Read of segments only what tells whose rows they hold: of a large lake the rest is nearly everything."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from network_registry.topics import EVENTS
from warehouse_releases.compaction import in_todays_columns
from warehouse_releases.erasure_rows import HEAVY_COLUMNS, MERGED, PATIENT_COLUMNS
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.segments import Segment

_COLUMNS = ("clinic_id", "event_id", "event_type")


def identities(lake: Path, segments: Iterable[Segment]) -> Iterator[pa.Table]:
    """Of each segment who its rows are about: clinic, event, and of `network.events` patient and mergers."""
    for segment in segments:
        with pq.ParquetFile(lake / segment.path) as file:
            yield _identities(file, segment.source.topic)


def _identities(file: pq.ParquetFile, topic: str) -> pa.Table:
    schema = LANDED_TOPICS[topic].schema
    if topic != EVENTS:
        return _read(file, pa.schema([schema.field(name) for name in _COLUMNS]), ())
    wanted = pa.schema([field for field in schema if field.name in {*_COLUMNS, *PATIENT_COLUMNS, "id_was_erased"}])
    light = _read(file, wanted, HEAVY_COLUMNS)
    has_mergers = MERGED in light["event_type"].unique().to_pylist()
    return _read(file, wanted, ()) if has_mergers else light


def _read(file: pq.ParquetFile, wanted: pa.Schema, left_out: tuple[str, ...]) -> pa.Table:
    there = [name for name in wanted.names if name in file.schema_arrow.names and name not in left_out]
    return in_todays_columns(file.read(columns=there), wanted)
