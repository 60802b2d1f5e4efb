"""The lake: a folder of Parquet segments. Its only writer is the lander; anyone may list it."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse_releases.durable_files import remove_unfinished, write_durably
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.process_lock import is_held
from warehouse_releases.segments import Segment, parse_segment

# An empty file with a topic's columns: what reads "all segments of this topic" finds at least one.
SCHEMA_ONLY = "schema-only.parquet"


def lander_lock(lake: Path) -> Path:
    return lake / ".lander.lock"


def lander_is_alive(lake: Path) -> bool:
    return is_held(lander_lock(lake))


def prepare(lake: Path) -> None:
    """Make the lake ready for its one lander: nothing unfinished, and a schema for every topic."""
    remove_unfinished(lake)
    for topic in LANDED_TOPICS:
        write_schema_only(lake, topic)


def write_schema_only(lake: Path, topic: str) -> Path:
    """The topic's empty file, written unless it is there with the same columns."""
    path, schema = lake / topic / SCHEMA_ONLY, LANDED_TOPICS[topic].schema
    if not path.exists() or not pq.read_schema(path).equals(schema):
        write_durably(path, lambda aside: _write(schema.empty_table(), aside))
    return path


def write_segment(lake: Path, segment: Segment, table: pa.Table) -> None:
    """Make a segment durable. When this returns, no crash can take it away; before, nobody can see a part of it."""
    write_durably(lake / segment.path, lambda aside: _write(table, aside))


def list_segments(lake: Path, topics: Iterable[str] = tuple(LANDED_TOPICS)) -> list[Segment]:
    """Every segment of these topics, in order. Nothing but the file names is read."""
    paths = (path.relative_to(lake) for topic in topics for path in (lake / topic).rglob("*.parquet"))
    return sorted(segment for path in paths if (segment := parse_segment(path)))


def parquet_paths(lake: Path, topic: str, segments: Iterable[Segment]) -> list[str]:
    """Absolute paths of a topic's files among `segments`; the schema-only file is always among them."""
    chosen = [str(lake / segment.path) for segment in segments if segment.source.topic == topic]
    return [str(write_schema_only(lake, topic)), *chosen]


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd")
