"""Land the network's topics in the lake. The one file here that consumes from Kafka.

Each offset is covered by exactly one segment: landing goes on where the file names end, not where Kafka's committed
offsets are, so a lander may be killed anywhere and started again.
"""

import threading
import time
from contextlib import ExitStack, closing
from typing import Any

import structlog
from kafka.errors import (
    KafkaError,
    LogTruncationError,  # pyright: ignore[reportAttributeAccessIssue]
    OffsetOutOfRangeError,
)

from network_registry.connections import CredentialMissing, platform_connection
from network_registry.database import open_registry
from network_registry.erased_patients import ErasedList
from network_registry.home import Home, HomeMissing
from network_registry.keys import KeyMissing
from network_registry.settings import Settings
from process_telemetry.process_metrics import ProcessMetrics
from warehouse_releases.announcements import Announcer
from warehouse_releases.broker_view import BrokerView, TopicMissing, partition_of
from warehouse_releases.kafka_clients import new_consumer, new_producer
from warehouse_releases.lake import lander_lock
from warehouse_releases.landing import Landing, Recreated, SegmentLimits, TailLost
from warehouse_releases.process_lock import AlreadyRunning, only_one
from warehouse_releases.segments import Source
from warehouse_releases.stop_signals import stop_on_signal

_POLL_MS = 200
# How often to look whether what was landed is still there.
_LOOK_S = 10.0

_log = structlog.get_logger("lander")


def run_lander(
    home: Home, settings: Settings, stop: threading.Event | None = None, metrics: ProcessMetrics | None = None
) -> int:
    """Land until SIGTERM, SIGINT or `stop`. Returns 0 after a clean stop, else 1: start it again then."""
    stop = stop or stop_on_signal()
    try:
        home.require()
        with only_one(lander_lock(home.lake), "lander"):
            _land(home, settings, stop, metrics or ProcessMetrics())
    except (HomeMissing, CredentialMissing, KeyMissing, AlreadyRunning, TopicMissing, Recreated, TailLost) as error:
        _log.error(str(error))
        return 1
    except KafkaError as error:
        _log.error("lost the broker", error=type(error).__name__)
        return 1
    except OSError as error:
        _log.error("the lake cannot be written", error=str(error))
        return 1
    return 0


def _land(home: Home, settings: Settings, stop: threading.Event, metrics: ProcessMetrics) -> None:
    connection = platform_connection(home, settings)
    with ExitStack() as opened:
        view = opened.enter_context(BrokerView(connection))
        producer = opened.enter_context(closing(new_producer(connection)))
        consumer = opened.enter_context(closing(new_consumer(connection, settings.segment_rows)))
        limits = SegmentLimits(settings.segment_rows, settings.segment_seconds)
        erased = ErasedList(home, open_registry(home))
        landing = Landing(home.lake, view, Announcer(producer, view.admin), limits, erased, metrics)
        landing.begin()
        sources = _seek(consumer, landing)
        _log.info("landing", lake=str(home.lake))
        look_at = time.monotonic() + _LOOK_S
        while not stop.is_set():
            sources = _step(consumer, landing, sources)
            if time.monotonic() >= look_at:
                landing.require_tail()
                look_at = time.monotonic() + _LOOK_S
        landing.flush_all()


def _step(consumer: Any, landing: Landing, sources: dict[object, Source]) -> dict[object, Source]:
    try:
        fetched = consumer.poll(timeout_ms=_POLL_MS)
    except (OffsetOutOfRangeError, LogTruncationError):
        # What is open ends before the hole, so that no segment's name claims offsets that nobody has seen.
        landing.flush_all()
        return _seek(consumer, landing)
    for partition, records in fetched.items():
        landing.take(sources[partition], [(record.offset, record.value) for record in records])
    landing.flush_due()
    return sources


def _seek(consumer: Any, landing: Landing) -> dict[object, Source]:
    positions = landing.positions()
    consumer.assign([partition_of(source) for source in positions])
    for source, position in positions.items():
        consumer.seek(partition_of(source), position)
    return {partition_of(source): source for source in positions}
