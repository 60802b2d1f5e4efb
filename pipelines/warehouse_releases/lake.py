"""The lake: a folder of Parquet segments. The lander writes new ones, the builder replaces them; anyone may list it."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse_releases.durable_files import remove_unfinished, write_durably
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.process_lock import alone, is_held
from warehouse_releases.segment_versions import marked, require_known
from warehouse_releases.segments import Segment, current, parse_segment

# An empty file with a topic's columns: what reads "all segments of this topic" finds at least one.
SCHEMA_ONLY = "schema-only.parquet"


def lander_lock(lake: Path) -> Path:
    return lake / ".lander.lock"


def lander_is_alive(lake: Path) -> bool:
    return is_held(lander_lock(lake))


def writing(lake: Path) -> AbstractContextManager[None]:
    """Held while segments get their names: whoever is erased before a segment is written is not in it."""
    return alone(lake / ".writing.lock")


def prepare(lake: Path) -> None:
    """Make the lake ready for its one lander: nothing unfinished, and a schema for every topic."""
    remove_unfinished(lake)
    for topic in LANDED_TOPICS:
        write_schema_only(lake, topic)


def write_schema_only(lake: Path, topic: str) -> Path:
    """The topic's empty file, written unless it is there with the same columns."""
    path, schema = lake / topic / SCHEMA_ONLY, LANDED_TOPICS[topic].schema
    require_known([str(path)])
    if not path.exists() or not pq.read_schema(path).equals(schema):
        write_durably(path, lambda aside: write_rows(schema.empty_table(), aside))
    return path


def write_segment(lake: Path, segment: Segment, table: pa.Table) -> None:
    """Make a segment durable. When this returns, no crash can take it away; before, nobody can see a part of it."""
    write_durably(lake / segment.path, lambda aside: write_rows(table, aside))


def list_segments(lake: Path, topics: Iterable[str] = tuple(LANDED_TOPICS)) -> list[Segment]:
    """The segments of these topics that hold, in order. Nothing but the file names is read."""
    return current(list_files(lake, topics))


def list_files(lake: Path, topics: Iterable[str] = tuple(LANDED_TOPICS)) -> list[Segment]:
    """Every segment of these topics, also those in whose place others hold already."""
    paths = (path.relative_to(lake) for topic in topics for path in (lake / topic).rglob("*.parquet"))
    return sorted(segment for path in paths if (segment := parse_segment(path)))


def holding(lake: Path, segments: Iterable[Segment]) -> list[Segment]:
    """The same rows as they lie now: files that were replaced and removed since they were listed give way to what holds
    in their place."""
    listed = list(segments)
    kept = [one for one in listed if (lake / one.path).exists()]
    gone = [one for one in listed if one not in set(kept)]
    if not gone:
        return listed
    topics = {one.source.topic for one in gone}
    return current([*kept, *(new for new in list_segments(lake, topics) if any(new.replaces(old) for old in gone))])


def spill_folder(lake: Path) -> Path:
    """Where DuckDB may put what does not fit into memory while it reads the lake."""
    return lake / ".spilled"


def parquet_paths(lake: Path, topic: str, segments: Iterable[Segment]) -> list[str]:
    """Absolute paths of a topic's files among `segments`; the schema-only file is always among them.

    Raises `SegmentTooNew`.
    """
    chosen = [str(lake / segment.path) for segment in segments if segment.source.topic == topic]
    require_known(chosen)
    return [str(write_schema_only(lake, topic)), *chosen]


def write_rows(table: pa.Table, path: Path) -> None:
    """Fill a segment's file, which says the versions that it was written in."""
    pq.write_table(marked(table), path, compression="zstd")
