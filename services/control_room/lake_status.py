"""How the lake is: what it holds of each clinic, its faults, and what of it cannot be read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb

from network_registry.connections import PLATFORM_CREDENTIAL
from network_registry.home import Home
from warehouse_releases.conservation_reading import COUNTED_TOPICS
from warehouse_releases.lake import list_segments
from warehouse_releases.lake_faults import read_faults
from warehouse_releases.live_counts import ClinicCounts, live_counts
from warehouse_releases.segment_versions import SegmentTooNew
from warehouse_releases.unreadable_segments import unreadable

_NAMED = 5


@dataclass(frozen=True)
class LakeReading:
    """`counts` are of the segments that can be read; `problems` name those that cannot."""

    counts: list[ClinicCounts]
    faults: list[dict[str, Any]]
    problems: list[str]


def read_lake(home: Home, active: Iterable[str]) -> LakeReading:
    faults = [fault.as_json() for fault in read_faults(home.lake)]
    active = list(active)
    try:
        return LakeReading(live_counts(home.lake, active), faults, [])
    except SegmentTooNew as error:
        return LakeReading([], faults, [str(error)])
    except duckdb.Error as error:
        return _what_can_be_read(home, active, faults, error)


def _what_can_be_read(home: Home, active: list[str], faults: list[dict[str, Any]], error: duckdb.Error) -> LakeReading:
    segments = list_segments(home.lake, COUNTED_TOPICS)
    broken = unreadable(home.lake, segments)
    problems = [f"unreadable segment {segment.path}" for segment in broken]
    try:
        counts = live_counts(home.lake, active, [segment for segment in segments if segment not in broken])
    except duckdb.Error:
        return LakeReading([], faults, [*problems, f"the lake cannot be read: {' '.join(str(error).split())}"])
    return LakeReading(counts, faults, problems)


def unknown_clinics(home: Home, registered: set[str], counts: Iterable[ClinicCounts]) -> list[str]:
    """Clinics that must have been on board and are not in the registry, as after its loss."""
    with_credentials = {path.stem for path in home.credentials.glob("*.toml") if path.name != PLATFORM_CREDENTIAL}
    landed = {each.clinic_id for each in counts if each.last_received_at}
    unknown = sorted((with_credentials | landed) - registered)
    if not unknown:
        return []
    named = ", ".join(unknown[:_NAMED]) + (f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else "")
    return [f"the registry does not know {named}: was {home.registry_db.name} lost?"]
