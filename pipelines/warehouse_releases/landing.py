"""From fetched records to durable, announced segments. Knows the lake and what the broker says, not how to consume."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from clinic_events.network_records import Origin
from network_registry.erased_patients import ErasedList, ErasedPatients
from network_registry.topics import ALERTS
from process_telemetry.metric_vocabulary import LAKE_FAULTS, LANDED_RECORDS, LANDED_SEGMENTS, LANDING_DELAY
from process_telemetry.process_metrics import ProcessMetrics
from warehouse_releases.announcements import Announcer, origins_of_newest
from warehouse_releases.broker_view import Bounds, BrokerView
from warehouse_releases.decoded_segments import decode_segment
from warehouse_releases.erasure_rows import without_the_erased
from warehouse_releases.lake import list_segments, prepare, write_segment, writing
from warehouse_releases.lake_faults import Fault, FaultKind, record_fault
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.offset_ranges import Range, ranges_of
from warehouse_releases.open_segments import Fetched, OpenSegment
from warehouse_releases.segments import Segment, Source, by_source, next_offset

_log = structlog.get_logger("lander")


class Recreated(Exception):
    """The cluster or a topic is another than the one that landing began with: offsets mean something else now."""


class TailLost(Exception):
    """The newest segments of the lake are not there any more: whoever starts over lands them again."""


@dataclass(frozen=True)
class SegmentLimits:
    """A segment is written as soon as it holds so many rows, or its first record has waited so long."""

    rows: int
    seconds: float


class Landing:
    """The open segments of every source of the network. To be used by the holder of the lake's lock."""

    def __init__(
        self,
        lake: Path,
        view: BrokerView,
        announcer: Announcer,
        limits: SegmentLimits,
        erased: ErasedList,
        metrics: ProcessMetrics,
    ) -> None:
        self._lake, self._metrics = lake, metrics
        self._erased = erased
        self._view = view
        self._announcer = announcer
        self._limits = limits
        self._sources = view.sources(LANDED_TOPICS)
        self._open: dict[Source, OpenSegment] = {}
        self._landed_to: dict[Source, int] = {}

    def begin(self) -> None:
        """Clear what a killed lander left aside, and announce again what it may not have announced."""
        with writing(self._lake):
            prepare(self._lake)
        landed = by_source(list_segments(self._lake))
        self._landed_to = {source: next_offset(landed.get(source, [])) for source in self._sources}
        self._open = {source: OpenSegment(source, end) for source, end in self._landed_to.items()}
        here = [segment for source in self._sources for segment in landed.get(source, [])]
        self._announcer.announce(origins_of_newest(self._lake, here))

    def positions(self) -> dict[Source, int]:
        """Where to fetch from. Offsets that the broker no longer has, or does not have yet, are recorded as faults."""
        self._require_same()
        found = {}
        for source, bounds in self._view.bounds(self._sources).items():
            position = self._settled(self._open[source].last + 1, source, bounds)
            if position is not None:
                found[source] = position
        return found

    def require_tail(self) -> None:
        """Raises `TailLost`: behind what the lake ends with there is no gap that a name could give away."""
        landed = by_source(list_segments(self._lake))
        lost = [one for one, end in self._landed_to.items() if next_offset(landed.get(one, [])) < end]
        if lost:
            named = ", ".join(f"{one.topic} {one.partition}" for one in lost)
            raise TailLost(
                f"the newest segments are gone from the lake ({named}): landing starts over behind what is there"
            )

    def take(self, source: Source, records: list[Fetched]) -> None:
        self._open[source].add(records, time.monotonic())

    def flush_due(self) -> None:
        now = time.monotonic()
        self._flush(self._chosen(lambda segment: segment.is_due(now, self._limits.rows, self._limits.seconds)))

    def flush_all(self) -> None:
        self._flush(self._chosen(lambda segment: bool(segment.records)))

    def _chosen(self, wanted: Callable[[OpenSegment], bool]) -> list[OpenSegment]:
        return [segment for segment in self._open.values() if wanted(segment)]

    def _flush(self, due: Iterable[OpenSegment]) -> None:
        if not (segments := list(due)):
            return
        # Ids never come back: when they are the same now, they were while these records were fetched.
        self._require_same()
        # Who is erased is asked while nobody can be: what is written after an erasure holds nothing of the patient.
        with writing(self._lake):
            erased = self._erased.read()
            origins = [origin for segment in segments for origin in self._write(segment, erased)]
        self._announcer.announce(origins)

    def _write(self, segment: OpenSegment, erased: ErasedPatients) -> list[Origin]:
        source = segment.source
        decoded = decode_segment(LANDED_TOPICS[source.topic], source.partition, segment.records)
        if decoded.unreadable:
            self._report("undecodable", source, ranges_of(decoded.unreadable))
        name = Segment(source, segment.first, segment.last, datetime.now(UTC).date())
        write_segment(self._lake, name, without_the_erased(source.topic, decoded.table, erased))
        self._open[source], self._landed_to[source] = segment.successor(), name.last + 1
        self._metrics.add(LANDED_RECORDS, len(segment.records), topic=source.topic)
        self._metrics.add(LANDED_SEGMENTS, topic=source.topic)
        self._metrics.observe(LANDING_DELAY, time.monotonic() - segment.opened_at)
        return [] if source.topic == ALERTS else decoded.origins

    def _settled(self, position: int, source: Source, bounds: Bounds) -> int | None:
        if position > bounds.end:
            self._report("truncated", source, [(bounds.end, position - 1)])
            return None
        if position < bounds.first:
            self._report("expired", source, [(position, bounds.first - 1)])
            self._open[source] = OpenSegment(source, bounds.first)
        return max(position, bounds.first)

    def _report(self, kind: FaultKind, source: Source, ranges: list[Range]) -> None:
        record_fault(self._lake, Fault(kind, source, tuple(ranges)))
        self._metrics.add(LAKE_FAULTS, fault=kind)
        _log.error(f"{kind} records", topic=source.topic, partition=source.partition, offsets=ranges[:5])

    def _require_same(self) -> None:
        if self._view.sources(LANDED_TOPICS) != self._sources:
            raise Recreated("the broker's cluster or topics were re-created: landing starts over with the new ids")
