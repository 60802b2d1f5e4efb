"""Find again, in the lake of today, exactly the rows that a release was built from. Pure.

A manifest names ranges of offsets. Since then files may have been compacted, so a range may end inside of one: then its
rows are told apart by `landed_offset`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from warehouse_releases.offset_ranges import Range, clipped, missing, size
from warehouse_releases.segments import Segment, Source, by_source


@dataclass(frozen=True)
class Resolved:
    """`whole` segments, and of others `parts`; `lost` are offsets of the manifest that the lake does not hold."""

    whole: tuple[Segment, ...]
    parts: tuple[tuple[Segment, tuple[Range, ...]], ...]
    lost: int


def resolve(described: Iterable[dict[str, Any]], segments: Iterable[Segment]) -> Resolved:
    """`described` is what `BuildInputs.segment_ranges` said; `segments` are those that hold now."""
    here = by_source(segments)
    whole: list[Segment] = []
    parts: list[tuple[Segment, tuple[Range, ...]]] = []
    lost = 0
    for source, ranges in map(_read, described):
        found = here.get(source, [])
        lost += sum(size(missing(one, [segment.offsets for segment in found])) for one in ranges)
        for segment in found:
            within = tuple(clipped(segment.offsets, ranges))
            if within == (segment.offsets,):
                whole.append(segment)
            elif within:
                parts.append((segment, within))
    return Resolved(tuple(whole), tuple(parts), lost)


def _read(described: dict[str, Any]) -> tuple[Source, list[Range]]:
    source = Source(described["topic"], described["cluster_id"], described["topic_id"], described["partition"])
    return source, [(first, last) for first, last in described["ranges"]]
