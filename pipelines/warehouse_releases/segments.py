"""Segments, the immutable files of the lake, are named by the offsets that they cover. Pure.

A segment covers an unbroken range of one partition of one *incarnation* of a network topic: a re-created cluster or
topic counts its offsets from zero again, so its ranges are never mixed with those of an earlier one.

A segment is never changed, only replaced: by one that covers its range in a newer generation (a patient was erased from
it), or in the same generation as a part of a longer range (closed hours were compacted). Whatever lies in the folder,
`current` says which files hold: a replacement counts from the moment that it has its name, and the files that it
replaces may go at any later time.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import PurePath, PurePosixPath

from warehouse_releases.offset_ranges import Range, merged, missing

_PATH = re.compile(
    r"(?P<topic>[a-z.]+)/cluster=(?P<cluster>[^/]+)/topic_id=(?P<topic_id>[^/]+)/partition=(?P<partition>\d+)"
    r"/ingest_date=(?P<day>\d{4}-\d\d-\d\d)/(?P<first>\d{20})-(?P<last>\d{20})(\.g(?P<generation>[1-9]\d{0,8}))?\.parquet"
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
    """Offsets `first` to `last` of its source, both inclusive. Generation 0 is what the lander wrote."""

    source: Source
    first: int
    last: int
    ingest_date: date
    generation: int = 0

    @property
    def path(self) -> PurePosixPath:
        """Where the segment lies below the lake's root."""
        day = f"ingest_date={self.ingest_date.isoformat()}"
        rewritten = f".g{self.generation}" if self.generation else ""
        return self.source.folder / day / f"{range_name(self.first, self.last)}{rewritten}.parquet"

    @property
    def offsets(self) -> Range:
        return self.first, self.last

    def replaces(self, other: "Segment") -> bool:
        """Whether this one holds all that the other held, and holds in its place."""
        covers = self.source == other.source and self.first <= other.first and self.last >= other.last
        if not covers or self == other:
            return False
        if self.generation != other.generation:
            return self.generation > other.generation
        return self.offsets != other.offsets


def range_name(first: int, last: int) -> str:
    return f"{first:020d}-{last:020d}"


def parse_segment(path: PurePath) -> Segment | None:
    """The segment that a path below the lake's root names; None for any other file."""
    match = _PATH.fullmatch(path.as_posix())
    if match is None or int(match["first"]) > int(match["last"]):
        return None
    source = Source(match["topic"], match["cluster"], match["topic_id"], int(match["partition"]))
    try:
        ingest_date = date.fromisoformat(match["day"])
        return Segment(source, int(match["first"]), int(match["last"]), ingest_date, int(match["generation"] or 0))
    except ValueError:  # no day of the calendar
        return None


def by_source(segments: Iterable[Segment]) -> dict[Source, list[Segment]]:
    """The segments of each source in the order of their offsets."""
    found: dict[Source, list[Segment]] = defaultdict(list)
    for segment in sorted(segments):
        found[segment.source].append(segment)
    return dict(found)


def current(segments: Iterable[Segment]) -> list[Segment]:
    """The segments that hold, in order: without those that another one replaces."""
    found = list(segments)
    gone = set(replaced(found))
    return sorted(one for one in found if one not in gone)


def replaced(segments: Iterable[Segment]) -> list[Segment]:
    """The segments in whose place others hold, in order."""
    return [one for group in by_source(segments).values() for one in _replaced(group)]


def _replaced(ordered: list[Segment]) -> Iterable[Segment]:
    """Only what is open at a segment's first offset can hold in its place."""
    open_ones: list[Segment] = []
    for start, group in groupby(ordered, key=lambda one: one.first):
        beginning = list(group)
        open_ones = [one for one in open_ones if one.last >= start] + beginning
        yield from (one for one in beginning if any(other.replaces(one) for other in open_ones))


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
