"""How long the stream needs until it goes on after a worker was hit: as the broker sees it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from control_room.fault_campaign.faults import Fault, Kind
from control_room.fault_campaign.platform import CLINICS, Platform, Unwell
from network_registry.connections import platform_connection
from network_registry.topics import STREAM_GROUP, events_topic

# What is published up to then after the fault has to be passed on, by whoever has the partitions by then.
_AFTER_S = 1.0
_PATIENCE_S = 90.0
_LOOK_S = 0.2

_HIT = {Kind.WORKER_KILLED, Kind.WORKER_TERMINATED, Kind.WORKER_PAUSED, Kind.WORKER_WOKEN_LATE}


@dataclass
class Resumed:
    seconds: float | None = None


@contextmanager
def resumed_after(platform: Platform, fault: Fault) -> Iterator[Resumed]:
    """Watch while the block hurts a worker; other faults are not watched. At its end `seconds` are from the block's
    beginning until everything was committed that had been published by a second after it. Raises `Unwell`."""
    resumed = Resumed()
    if fault.kind not in _HIT:
        yield resumed
        return
    with ThreadPoolExecutor(1) as background:
        watching = background.submit(_watch, platform, time.monotonic())
        yield resumed
        resumed.seconds = round(watching.result(), 1)


def _watch(platform: Platform, began: float) -> float:
    time.sleep(_AFTER_S)
    published = None
    while time.monotonic() - began < _PATIENCE_S:
        # A broker that is on its way back from the fault before, or hurt at the same time, is asked again.
        with suppress(KafkaError), _asking(platform) as (consumer, admin):
            published = published or _published(consumer)
            while time.monotonic() - began < _PATIENCE_S:
                if _has_passed(admin, published):
                    return time.monotonic() - began
                time.sleep(_LOOK_S)
    raise Unwell(f"{_PATIENCE_S:g} s after a worker was hit the stream has not gone on")


@contextmanager
def _asking(platform: Platform) -> Iterator[tuple[KafkaConsumer, KafkaAdminClient]]:
    connection = platform_connection(platform.home, platform.settings).kafka_python()
    with ExitStack() as opened:
        consumer = opened.enter_context(closing(KafkaConsumer(**connection)))
        yield consumer, opened.enter_context(closing(KafkaAdminClient(**connection)))


def _published(consumer: KafkaConsumer) -> dict[TopicPartition, int]:
    topics = [events_topic(clinic) for clinic in CLINICS]
    places = [TopicPartition(topic, each) for topic in topics for each in consumer.partitions_for_topic(topic) or ()]
    return {place: end for place, end in consumer.end_offsets(places).items() if end}


def _has_passed(admin: KafkaAdminClient, published: dict[TopicPartition, int]) -> bool:
    committed = {place: each.offset for place, each in admin.list_group_offsets(STREAM_GROUP)[STREAM_GROUP].items()}
    return all(committed.get(place, 0) >= end for place, end in published.items())
