"""Versions of the segments' schema: what changed in which, and the refusal of one that this code does not know.

Every version is read: a column that a segment does not have is NULL. So a column may be added, and none may change its
type or its meaning. A segment says its version in its file's metadata, with the versions of the normaliser that its
facts were written by (also a column of its rows); one that says none is older than that.

1  What the lander wrote first: origin, event, patient, flags, data as enriched by the stream.
2  `facts` apart from `data`; `recorded_at`, `source_key`, `source_epoch`, `source_sequence`, `supersedes`, `is_test`,
   `traceparent`. Neither 1 nor 2 says its version.
3  `is_erased`: nothing is left of the event but its place, clinic and time of arrival, because its patient was erased.
   `id_was_erased`: the event's id belonged first to an event that was erased. The version is in the metadata.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA_VERSION = 3

_LAST_UNMARKED = 2
_VERSION = b"meridian.schema_version"
_NORMALISERS = b"meridian.normaliser_versions"


class SegmentTooNew(Exception):
    """A segment of a later Meridian: what it means is not known here, so nothing is read of it."""


def marked(table: pa.Table) -> pa.Table:
    """The table with its versions in the metadata that a Parquet file keeps."""
    return table.replace_schema_metadata(_metadata(_normalisers(table)))


def marked_schema(schema: pa.Schema, normaliser_versions: Iterable[str]) -> pa.Schema:
    """The schema of a file that is written piece by piece."""
    return schema.with_metadata(_metadata(normaliser_versions))


def schema_version(path: Path) -> int:
    """The version that a segment was written in; `2` for those that do not say."""
    return int((pq.read_metadata(path).metadata or {}).get(_VERSION, _LAST_UNMARKED))


def normaliser_versions(path: Path) -> list[str]:
    """The normalisers that the facts of a segment were written by, in order; none for one that does not say."""
    return json.loads((pq.read_metadata(path).metadata or {}).get(_NORMALISERS, b"[]"))


def require_known(paths: Iterable[str]) -> None:
    """Raises `SegmentTooNew` for the first file that a later Meridian wrote. What cannot be read at all is not told
    here: whoever reads it next will say so."""
    for path in paths:
        if (version := _known_version(path)) > SCHEMA_VERSION:
            raise SegmentTooNew(
                f"segment {Path(path).name} has schema version {version}, and this Meridian reads up to"
                f" {SCHEMA_VERSION}: install the version that wrote it, or a later one"
            )


# A file never changes under its name, and the same thousands of files are asked for at each build.
@lru_cache(maxsize=100_000)
def _known_version(path: str) -> int:
    try:
        return schema_version(Path(path))
    except (OSError, pa.ArrowException, ValueError):
        return 0


def _metadata(normalisers: Iterable[str]) -> dict[bytes, bytes]:
    return {_VERSION: str(SCHEMA_VERSION).encode(), _NORMALISERS: json.dumps(sorted(normalisers)).encode()}


def _normalisers(table: pa.Table) -> list[str]:
    if "normaliser_version" not in table.column_names:
        return []
    found = table["normaliser_version"].unique().to_pylist()
    return [version for version in found if version is not None]
