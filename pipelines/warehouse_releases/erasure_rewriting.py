"""Rewrite the segments that hold anything of the erased, each under a new generation, and let the old files go."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from network_registry.erased_patients import ErasedPatients
from warehouse_releases.compaction import in_todays_columns
from warehouse_releases.erasure_reading import identities
from warehouse_releases.erasure_rows import is_held, without_the_erased
from warehouse_releases.lake import list_files, list_segments
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.replacing import clear_workshop, remove_replaced, replace_segments
from warehouse_releases.segment_versions import marked_schema, normaliser_versions
from warehouse_releases.segments import Segment


def rewrite_lake(lake: Path, erased: ErasedPatients) -> int:
    """Leave nothing of the erased in any file of the lake. Returns how many segments were rewritten.

    To be called by the holder of the builder's lock while nobody writes the lake. Killed at any moment, every event
    is there once; called again, it does what is left.
    """
    clear_workshop(lake)
    rewritten = 0
    for segment in list_segments(lake):
        if _holds_any(lake, segment, erased):
            _rewrite(lake, segment, erased)
            rewritten += 1
    remove_replaced(lake)
    _remove_leavings(lake)
    return rewritten


def _holds_any(lake: Path, segment: Segment, erased: ErasedPatients) -> bool:
    return any(is_held(segment.source.topic, table, erased) for table in identities(lake, [segment]))


def _rewrite(lake: Path, segment: Segment, erased: ErasedPatients) -> None:
    path = lake / segment.path
    schema = marked_schema(LANDED_TOPICS[segment.source.topic].schema, normaliser_versions(path))

    def write(aside: Path) -> None:
        with pq.ParquetWriter(aside, schema, compression="zstd") as writer:
            for kept in _kept(path, segment.source.topic, erased):
                writer.write_table(kept, row_group_size=kept.num_rows)

    written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    replace_segments(lake, replace(segment, generation=segment.generation + 1), write, written_at)


def _kept(path: Path, topic: str, erased: ErasedPatients) -> Iterator[pa.Table]:
    """What may be kept of each row group."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            table = in_todays_columns(file.read_row_group(group), LANDED_TOPICS[topic].schema)
            if table.num_rows:
                yield without_the_erased(topic, table, erased)


def _remove_leavings(lake: Path) -> None:
    """What a killed lander left aside; the one that runs now waits for its turn to write."""
    folders = {(lake / segment.path).parent for segment in list_files(lake)}
    for folder in folders:
        for path in folder.glob(".*.parquet.aside"):
            path.unlink()
