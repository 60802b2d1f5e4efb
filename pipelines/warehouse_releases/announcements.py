"""`Landed`: telling a clinic which of its events are safe in the lake. The messages are pure; the sender is not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import structlog

from clinic_events.network_records import Landed, Origin, encode
from network_registry.topics import ALERTS, clinic_of, receipts_topic
from warehouse_releases.offset_ranges import ranges_of
from warehouse_releases.segments import Segment, by_source

# A receipt stays far below the broker's limit of a message, however torn the ranges are.
_RANGES_IN_ONE = 5_000
_CONFIRMED_WITHIN_S = 60

_log = structlog.get_logger("lander")


def landed_receipts(origins: Iterable[Origin]) -> Iterator[tuple[str, Landed]]:
    """For each of the clinics' own partitions the ranges that landed, with the topic that the receipt goes to."""
    offsets: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for origin in origins:
        if clinic := clinic_of(origin.topic):
            offsets[receipts_topic(clinic), origin.topic_id, origin.partition].append(origin.offset)
    for (topic, topic_id, partition), landed in sorted(offsets.items()):
        ranges = ranges_of(landed)
        for start in range(0, len(ranges), _RANGES_IN_ONE):
            yield topic, Landed(topic_id=topic_id, partition=partition, ranges=ranges[start : start + _RANGES_IN_ONE])


class Announcer:
    """Sends receipts, and returns when the broker has confirmed every one."""

    def __init__(self, producer: Any, admin: Any) -> None:
        self._producer = producer
        self._admin = admin
        self._topics: set[str] = set()

    def announce(self, origins: Iterable[Origin]) -> None:
        """Raises `kafka.errors.KafkaError` when a receipt is not confirmed: nothing further may be landed then."""
        receipts = list(landed_receipts(origins))
        if not {topic for topic, _ in receipts} <= self._topics:
            self._topics = set(self._admin.list_topics())
        sent = [self._producer.send(topic, encode(receipt)) for topic, receipt in receipts if self._exists(topic)]
        self._producer.flush(timeout=_CONFIRMED_WITHIN_S)
        for future in sent:
            future.get(timeout=_CONFIRMED_WITHIN_S)

    def _exists(self, topic: str) -> bool:
        # A clinic whose topics were deleted has nobody who waits for a receipt; sending would block for a minute.
        if topic not in self._topics:
            _log.warning("receipt not sent: no such topic", topic=topic)
        return topic in self._topics


def origins_of_newest(lake: Path, segments: Iterable[Segment]) -> list[Origin]:
    """The origins in the last segment of each source: the ones that a killed lander may not have announced."""
    newest = [group[-1] for source, group in by_source(segments).items() if source.topic != ALERTS]
    return [origin for segment in newest for origin in _origins(lake / segment.path)]


def _origins(path: Path) -> Iterator[Origin]:
    names = ["cluster_id", "topic", "topic_id", "partition", "offset"]
    table = pq.ParquetFile(path).read(columns=[f"origin_{name}" for name in names])
    for row in zip(*(table.column(f"origin_{name}").to_pylist() for name in names), strict=True):
        yield Origin(**dict(zip(names, row, strict=True)))
