"""Segments, the immutable files of the lake, are named by the offsets that they cover. Pure.

A segment covers an unbroken range of one partition of one *incarnation* of a network topic: a re-created cluster or
topic counts its offsets from zero again, so its ranges are never mixed with those of an earlier one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import PurePath, PurePosixPath

from warehouse_releases.offset_ranges import Range, merged, missing

_PATH = re.compile(
    r"(?P<topic>[a-z.]+)/cluster=(?P<cluster>[^/]+)/topic_id=(?P<topic_id>[^/]+)/partition=(?P<partition>\d+)"
    r"/ingest_date=(?P<day>\d{4}-\d\d-\d\d)/(?P<first>\d{20})-(?P<last>\d{20})\.parquet"
)


@dataclass(frozen=True, order=True)
class Source:
    """One partition of one incarnation of a network topic."""

    topic: str
    cluster_id: str
    topic_id: str
    partition: int

    @property
    def folder(self) -> PurePosixPath:
        return PurePosixPath(
            self.topic, f"cluster={self.cluster_id}", f"topic_id={self.topic_id}", f"partition={self.partition}"
        )


@dataclass(frozen=True, order=True)
class Segment:
    """Offsets `first` to `last` of its source, both inclusive."""

    source: Source
    first: int
    last: int
    ingest_date: date

    @property
    def path(self) -> PurePosixPath:
        """Where the segment lies below the lake's root."""
        day = f"ingest_date={self.ingest_date.isoformat()}"
        return self.source.folder / day / f"{range_name(self.first, self.last)}.parquet"

    @property
    def offsets(self) -> Range:
        return self.first, self.last


def range_name(first: int, last: int) -> str:
    return f"{first:020d}-{last:020d}"


def parse_segment(path: PurePath) -> Segment | None:
    """The segment that a path below the lake's root names; None for any other file."""
    match = _PATH.fullmatch(path.as_posix())
    if match is None or int(match["first"]) > int(match["last"]):
        return None
    source = Source(match["topic"], match["cluster"], match["topic_id"], int(match["partition"]))
    try:
        return Segment(source, int(match["first"]), int(match["last"]), date.fromisoformat(match["day"]))
    except ValueError:  # no day of the calendar
        return None


def by_source(segments: Iterable[Segment]) -> dict[Source, list[Segment]]:
    """The segments of each source in the order of their offsets."""
    found: dict[Source, list[Segment]] = defaultdict(list)
    for segment in sorted(segments):
        found[segment.source].append(segment)
    return dict(found)


def next_offset(segments: Iterable[Segment]) -> int:
    """Where landing goes on: behind the last offset that any segment of one source covers."""
    return max((segment.last + 1 for segment in segments), default=0)


def gaps(segments: Iterable[Segment]) -> list[Range]:
    """What the segments of one source leave out between offset 0 and their end."""
    covered = merged(segment.offsets for segment in segments)
    return missing((0, covered[-1][1]), covered) if covered else []


def overlaps(segments: Iterable[Segment]) -> list[tuple[Segment, Segment]]:
    """Neighbours of one source that cover an offset twice; landing never writes such a pair."""
    ordered = sorted(segments)
    return [(one, other) for one, other in pairwise(ordered) if other.first <= one.last]
