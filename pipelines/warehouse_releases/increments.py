"""Whether a build can go on from the last one, and with which segments. Pure but for reading and writing its note.

The note lies beside the working database and says what that is built from. Without a note, or with one that does not
fit any more, everything is built anew.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from network_registry.topics import EVENTS
from warehouse_releases.build_inputs import BuildInputs
from warehouse_releases.durable_files import write_durably
from warehouse_releases.offset_ranges import Range, missing
from warehouse_releases.segments import Segment, Source, by_source


@dataclass(frozen=True)
class Built:
    """What a working database is built from: the code, each clinic's time zone, how often the lake was rewritten for an
    erasure, and the offsets of each source."""

    code: str
    erasures: int
    time_zones: dict[str, str | None]
    segments: list[dict[str, Any]]

    def ranges(self) -> dict[Source, list[Range]]:
        return {
            Source(row["topic"], row["cluster_id"], row["topic_id"], row["partition"]): [
                (first, last) for first, last in row["ranges"]
            ]
            for row in self.segments
        }


def built_from(inputs: BuildInputs, code: str) -> Built:
    time_zones = {clinic["clinic_id"]: clinic["timezone"] for clinic in inputs.registry["clinics"]}
    return Built(code, inputs.erasures, time_zones, inputs.segment_ranges)


def new_segments(built: Built | None, inputs: BuildInputs, code: str) -> list[Segment] | None:
    """The segments of events that `built` does not know; None when everything has to be built anew.

    That is so when other code would read the same segments otherwise, when somebody was erased since, when a clinic
    that was known has another time zone or none, or when something that was built from is not in the lake any more.
    """
    if built is None or (built.code, built.erasures) != (code, inputs.erasures) or not _same_time_zones(built, inputs):
        return None
    known, here = built.ranges(), by_source(inputs.segments)
    if any(_left_out(ranges, here.get(source, [])) for source, ranges in known.items()):
        return None
    return [
        segment
        for source, segments in here.items()
        if source.topic == EVENTS
        for segment in segments
        if missing(segment.offsets, known.get(source, []))
    ]


def read_note(path: Path) -> Built | None:
    try:
        return Built(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_note(path: Path, built: Built) -> None:
    write_durably(path, lambda aside: aside.write_text(json.dumps(asdict(built))))


def _same_time_zones(built: Built, inputs: BuildInputs) -> bool:
    now = {clinic["clinic_id"]: clinic["timezone"] for clinic in inputs.registry["clinics"]}
    return all(clinic in now and now[clinic] == time_zone for clinic, time_zone in built.time_zones.items())


def _left_out(ranges: list[Range], segments: list[Segment]) -> bool:
    """Whether the segments leave out a part of the ranges. An offset that no segment ever covered is in no range."""
    covered = [segment.offsets for segment in segments]
    return any(missing(one, covered) for one in ranges)
