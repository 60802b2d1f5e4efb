"""Read a clinic's receipts into its outbox. No consumer group: how far they were read is kept in the outbox."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from kafka import KafkaConsumer
from kafka.structs import TopicPartition

from clinic_events.network_records import decode_receipt
from clinic_publisher import outbox_receipts
from clinic_publisher.broker_access import BrokerView, broker_errors
from clinic_publisher.dispatch import Dispatch

_POLL_MS, _POLL_RECORDS = 500, 5_000
_REQUEST_MS = 15_000
_CATCH_UP_SECONDS = 20.0


@contextmanager
def _consumer(dispatch: Dispatch, view: BrokerView) -> Iterator[tuple[KafkaConsumer, TopicPartition]]:
    """A consumer at the place where the outbox has read to, or at the beginning of a topic that is new to it."""
    options: dict[str, Any] = {
        **dispatch.connection.kafka_python(),
        "group_id": None,
        "enable_auto_commit": False,
        # Where the broker has dropped old receipts, go on with the oldest that it has.
        "auto_offset_reset": "earliest",
        "request_timeout_ms": _REQUEST_MS,
        "bootstrap_timeout_ms": _REQUEST_MS,
        "reconnect_backoff_max_ms": 1000,
        "allow_auto_create_topics": False,
        "metrics_enabled": False,
    }
    place, consumer = TopicPartition(dispatch.receipts_topic, 0), KafkaConsumer(**options)
    try:
        consumer.assign([place])
        consumer.seek(place, _start(dispatch, view, consumer, place))
        yield consumer, place
    finally:
        consumer.close()


def _start(dispatch: Dispatch, view: BrokerView, consumer: KafkaConsumer, place: TopicPartition) -> int:
    read_to = outbox_receipts.position(dispatch.outbox, view.receipts_topic_id)
    # Read further than the log goes: the broker has lost its end, and what it writes there now would be passed over.
    if read_to is None or read_to > consumer.end_offsets([place])[place]:
        outbox_receipts.forget_position(dispatch.outbox, view.receipts_topic_id)
        return consumer.beginning_offsets([place])[place]
    return read_to


def catch_up(dispatch: Dispatch, view: BrokerView) -> None:
    """Read the receipts that are there now."""
    with broker_errors(dispatch.connection.bootstrap), _consumer(dispatch, view) as (consumer, place):
        end = consumer.end_offsets([place])[place]
        _read(dispatch, view, consumer, lambda: (consumer.position(place) or 0) >= end, _CATCH_UP_SECONDS)


def follow(dispatch: Dispatch, view: BrokerView, done: Callable[[], bool], quiet_seconds: float) -> bool:
    """Read receipts until `done`, or until none has come for `quiet_seconds`. Whether it is done."""
    with broker_errors(dispatch.connection.bootstrap), _consumer(dispatch, view) as (consumer, _):
        return _read(dispatch, view, consumer, done, quiet_seconds)


def _read(
    dispatch: Dispatch, view: BrokerView, consumer: KafkaConsumer, done: Callable[[], bool], quiet_seconds: float
) -> bool:
    heard = time.monotonic()
    while not (finished := done()) and time.monotonic() - heard < quiet_seconds and not dispatch.stopped.is_set():
        for records in consumer.poll(timeout_ms=_POLL_MS, max_records=_POLL_RECORDS).values():
            heard = time.monotonic()
            dispatch.contact.heard()
            receipts = [receipt for record in records if (receipt := _decoded(record.value)) is not None]
            outbox_receipts.apply(dispatch.outbox, receipts, view.receipts_topic_id, records[-1].offset + 1)
    return finished


def _decoded(value: bytes | None) -> outbox_receipts.Receipt | None:
    """None for a kind of receipt that this version does not know: a newer platform may send more."""
    try:
        return decode_receipt(value or b"")
    except msgspec.MsgspecError:
        return None
