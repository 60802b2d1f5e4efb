"""Which segments cannot be read: asked only when reading the lake has failed, for every file is opened."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse_releases.segments import Segment


def unreadable(lake: Path, segments: Iterable[Segment]) -> list[Segment]:
    return [segment for segment in segments if not _is_readable(lake / segment.path)]


def _is_readable(path: Path) -> bool:
    try:
        pq.read_table(path)
    except (OSError, pa.ArrowException):
        return False
    return True
