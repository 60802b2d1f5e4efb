"""What the lander could not do, kept in the lake beside the segments: faults of the platform, never of a clinic.

A fault is a set of offsets of one source and says nothing of what stood there. Its file is written before the segment
that covers those offsets, so no crash can leave the segment without it; written twice it is still the same set.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from warehouse_releases.durable_files import write_durably
from warehouse_releases.lake import list_segments
from warehouse_releases.offset_ranges import Range, merged, missing
from warehouse_releases.segments import Segment, Source, by_source, gaps, overlaps, range_name

# undecodable: not what the stream writes. expired: deleted by retention before it was landed. truncated: the topic ends
# before offsets that were landed from it, as after a broker lost the end of its log. unexplained: covered by nothing.
FaultKind = Literal["undecodable", "expired", "truncated", "unexplained", "overlapping"]

_FOLDER = "faults"


@dataclass(frozen=True)
class Fault:
    kind: FaultKind
    source: Source
    ranges: tuple[Range, ...]

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, **asdict(self.source), "ranges": [list(pair) for pair in self.ranges]}


def record_fault(lake: Path, fault: Fault) -> None:
    """Keep a fault. Recording it again changes nothing."""
    name = range_name(fault.ranges[0][0], fault.ranges[-1][1])
    path = lake / _FOLDER / fault.kind / fault.source.folder / f"{name}.json"
    write_durably(path, lambda aside: aside.write_bytes(msgspec.json.encode(fault)))


def read_faults(lake: Path, segments: Iterable[Segment] | None = None) -> list[Fault]:
    """Everything that is wrong with the lake: what the lander recorded, and what the names of its files give away.

    The names are those of `segments`, or of all there are.
    """
    recorded = _recorded(lake)
    return [*recorded, *_from_names(list_segments(lake) if segments is None else segments, recorded)]


def _recorded(lake: Path) -> list[Fault]:
    found: dict[tuple[FaultKind, Source], list[Range]] = defaultdict(list)
    for path in sorted((lake / _FOLDER).rglob("*.json")):
        fault = msgspec.json.decode(path.read_bytes(), type=Fault)
        found[fault.kind, fault.source].extend(fault.ranges)
    return [Fault(kind, source, tuple(merged(ranges))) for (kind, source), ranges in found.items()]


def _from_names(found: Iterable[Segment], recorded: Iterable[Fault]) -> Iterable[Fault]:
    expired = {fault.source: fault.ranges for fault in recorded if fault.kind == "expired"}
    for source, segments in by_source(found).items():
        open_gaps = [left for gap in gaps(segments) for left in missing(gap, expired.get(source, ()))]
        twice = [(other.first, min(one.last, other.last)) for one, other in overlaps(segments)]
        if open_gaps:
            yield Fault("unexplained", source, tuple(open_gaps))
        if twice:
            yield Fault("overlapping", source, tuple(merged(twice)))
