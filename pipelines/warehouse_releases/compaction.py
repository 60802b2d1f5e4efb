"""Merge the small segments of closed hours: the resident builder does it between builds, under its own lock."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import structlog

from warehouse_releases.compaction_plan import Merge, StoredSegment, plan_merges
from warehouse_releases.lake import list_segments
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.replacing import clear_workshop, remove_unread, replace_segments
from warehouse_releases.segment_versions import marked_schema, normaliser_versions, require_known
from warehouse_releases.segments import Segment

# So many rows are in memory at once, and make a row group.
_ROWS_AT_ONCE = 50_000

_log = structlog.get_logger("builder")


class RowsDiffer(Exception):
    """A merged file does not hold the rows of its parts: it is not shown, and they stay."""


def compact(lake: Path, largest: int, now: datetime | None = None) -> int:
    """Merge what can be merged, and remove what was merged before and is read by nobody. Returns the number of merges.

    To be called by the holder of the builder's lock while it does not build. Killed at any moment, every row is still
    there once. Raises `RowsDiffer`, `SegmentTooNew` or what reading a damaged file raises.
    """
    clear_workshop(lake)
    remove_unread(lake)
    merges = plan_merges(_stored(lake), now or datetime.now(UTC), largest)
    for merge in merges:
        _merge(lake, merge)
    if merges:
        _log.info("compacted", files=sum(len(merge.parts) for merge in merges), into=len(merges))
    return len(merges)


def _stored(lake: Path) -> Iterator[StoredSegment]:
    for segment in list_segments(lake):
        written = (lake / segment.path).stat().st_mtime
        yield StoredSegment(segment, datetime.fromtimestamp(written, UTC))


def _merge(lake: Path, merge: Merge) -> None:
    paths = [lake / part.path for part in merge.parts]
    require_known(map(str, paths))

    def write(aside: Path) -> None:
        write_merged(paths, merge.into, aside)
        require_same_rows(paths, merge.into, aside)

    replace_segments(lake, merge.into, write, merge.written_at)


def write_merged(parts: Sequence[Path], into: Segment, path: Path) -> None:
    """Write the rows of `parts`, in their order and in the columns of today, into one file."""
    versions = {version for part in parts for version in normaliser_versions(part)}
    schema = marked_schema(LANDED_TOPICS[into.source.topic].schema, versions)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for table in _tables(parts, schema):
            writer.write_table(table, row_group_size=table.num_rows)


def require_same_rows(parts: Sequence[Path], into: Segment, path: Path) -> None:
    """Read the written file again and compare it, row by row, with its parts. Raises `RowsDiffer`."""
    schema = LANDED_TOPICS[into.source.topic].schema
    with pq.ParquetFile(path) as merged:
        groups = iter(range(merged.num_row_groups))
        for table in _tables(parts, schema):
            group = next(groups, None)
            if group is None or not merged.read_row_group(group).equals(table):
                raise RowsDiffer(f"{into.path.name} does not hold the rows of its {len(parts)} parts")
        if next(groups, None) is not None:
            raise RowsDiffer(f"{into.path.name} holds more rows than its {len(parts)} parts")


def _tables(parts: Iterable[Path], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of the parts in pieces, none of them empty, cut by the number of rows alone: the same each time."""
    waiting: list[pa.Table] = []
    for part in parts:
        table = in_todays_columns(pq.ParquetFile(part).read(), schema)
        waiting += [table] if table.num_rows else []
        if sum(one.num_rows for one in waiting) >= _ROWS_AT_ONCE:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def in_todays_columns(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A segment's rows with NULL in the columns that it does not have yet, which is how they are read."""
    absent = pa.nulls(table.num_rows)
    columns = [table[field.name] if field.name in table.column_names else absent for field in schema]
    return pa.table([column.cast(field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)
