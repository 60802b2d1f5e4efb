"""Send what an outbox has queued, and mark it as sent once the broker has confirmed it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError, RecordListTooLargeError
from kafka.producer.future import FutureRecordMetadata
from kafka.record import util as kafka_records

from clinic_publisher.broker_access import BrokerView, as_access_error, broker_errors
from clinic_publisher.dispatch import Dispatch
from clinic_publisher.outbox_records import QueuedEvent, SentRecord

_WINDOW_EVENTS, _WINDOW_BYTES = 5_000, 16 * 1024 * 1024
_BATCH_BYTES, _LINGER_MS = 256 * 1024, 50
_REQUEST_MS = 10_000
_NOTICE_SECONDS, _JOIN_SECONDS = 3.0, 5.0
# An event may be larger than this library's default; the broker's own limit is the one that counts.
_LARGEST_REQUEST = 8 * 1024 * 1024
_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)
_Pending = list[tuple[int, FutureRecordMetadata]]


class ChecksumSlow(Exception):
    """kafka-python found no compiled crc32c: publishing would take thirty times as long."""


def require_fast_checksum() -> None:
    if getattr(kafka_records, "crc32c_c", None) is None:
        raise ChecksumSlow("kafka-python's crc32c is not installed: install kafka-python[crc32c]")


@contextmanager
def producer_for(dispatch: Dispatch) -> Iterator[KafkaProducer]:
    """An idempotent producer; at its end nothing of it is left, whatever state the broker is in."""
    options: dict[str, Any] = {
        **dispatch.connection.kafka_python(),
        "acks": "all",
        "enable_idempotence": True,
        "compression_type": "lz4",
        "batch_size": _BATCH_BYTES,
        "linger_ms": _LINGER_MS,
        "max_request_size": _LARGEST_REQUEST,
        "request_timeout_ms": _REQUEST_MS,
        "max_block_ms": _REQUEST_MS,
        "bootstrap_timeout_ms": _REQUEST_MS,
        # The patience here must end first: an event that the producer gives up comes back out of its order.
        "delivery_timeout_ms": int(dispatch.patience.outage_s * 1000) + 2 * _REQUEST_MS,
        "reconnect_backoff_max_ms": 1000,
        "allow_auto_create_topics": False,
        "metrics_enabled": False,
    }
    producer = KafkaProducer(**options)
    try:
        yield producer
    finally:
        _end(producer)


def _end(producer: Any) -> None:
    # Everything that could be confirmed is. Its own `close` would wait for a broker that is gone, and then give up with
    # its thread still running.
    producer._sender.force_close()
    producer._sender.join(_JOIN_SECONDS)
    producer.close(timeout=0)


def send_queued(dispatch: Dispatch, view: BrokerView) -> None:
    """Send everything that is queued.

    Raises `BrokerUnreachable` or `AccessRefused`: what was confirmed until then is marked, all else stays queued.
    """
    dispatch.oversize = 0
    total = dispatch.sent + dispatch.outbox.tally().queued
    if total == dispatch.sent:
        return
    with broker_errors(dispatch.connection.bootstrap):
        last: int | None = 0
        while last is not None:
            last = _send_windows(dispatch, view, last, total)


def _send_windows(dispatch: Dispatch, view: BrokerView, last: int, total: int) -> int | None:
    """Send window after window behind the event `last`. None at the end, or the last event of a window in which
    something was too large: that has cost the producer its life."""
    outbox = dispatch.outbox
    with producer_for(dispatch) as producer:
        while True:
            with outbox.exchange():
                window = outbox.queued(_WINDOW_EVENTS, _WINDOW_BYTES, after=last)
                if not window:
                    return None
                blamed = _send_and_mark(producer, dispatch, view, window)
                _send_by_halves(dispatch, view, blamed)
            last = window[-1].n
            dispatch.meter.at("sent", dispatch.clinic_id, dispatch.sent, total)
            if blamed:
                return last


def _send_by_halves(dispatch: Dispatch, view: BrokerView, blamed: list[QueuedEvent]) -> None:
    """One event that is too large fails whatever its producer holds at that moment: find it, and send the others."""
    middle = (len(blamed) + 1) // 2
    for half in filter(None, (blamed[:middle], blamed[middle:])):
        with producer_for(dispatch) as producer:
            still_blamed = _send_and_mark(producer, dispatch, view, half)
        if len(half) == 1:
            dispatch.oversize += len(still_blamed)
        else:
            _send_by_halves(dispatch, view, still_blamed)


def _send_and_mark(
    producer: KafkaProducer, dispatch: Dispatch, view: BrokerView, window: list[QueuedEvent]
) -> list[QueuedEvent]:
    """Those that failed as too large, or beside one that is; any other failure is raised."""
    records, failures = _send_window(producer, dispatch, window)
    dispatch.outbox.mark_sent(records, view.cluster_id, view.events_topic_id, dispatch.run)
    dispatch.sent += len(records)
    for failure in failures:
        if not isinstance(failure, _TOO_LARGE):
            raise as_access_error(failure, dispatch.connection.bootstrap)
    confirmed = {record.n for record in records}
    return [event for event in window if event.n not in confirmed] if failures else []


def _send_window(
    producer: KafkaProducer, dispatch: Dispatch, window: list[QueuedEvent]
) -> tuple[list[SentRecord], list[KafkaError]]:
    """Send a window and wait for the broker; what it confirmed, and why it did not confirm the rest."""
    pending, failures = _hand_over(producer, dispatch.events_topic, window)
    _await_all(pending, dispatch)
    records = []
    for n, future in pending:
        if future.succeeded():
            records.append(SentRecord(n, future.value.partition, future.value.offset))
        else:
            failures.append(future.exception or KafkaTimeoutError())
    return records, failures


def _hand_over(producer: KafkaProducer, topic: str, window: list[QueuedEvent]) -> tuple[_Pending, list[KafkaError]]:
    pending, failures = [], []
    for event in window:
        try:
            pending.append((event.n, producer.send(topic, event.body, key=event.message_key)))
        except _TOO_LARGE as error:
            failures.append(error)
        except KafkaError as error:
            return pending, [*failures, error]
    return pending, failures


def _await_all(pending: _Pending, dispatch: Dispatch) -> None:
    """Wait until every event is confirmed or refused, or the broker was silent for as long as patience lasts.

    The producer finds back to a broker that comes back, with each event once and in order: it is not given up sooner.
    """
    dispatch.contact.heard()
    for _, future in pending:
        while not future.is_done and not dispatch.stopped.is_set():
            if _wait(future):
                dispatch.contact.heard()
            elif dispatch.contact.silent_for() > dispatch.patience.outage_s:
                return
            else:
                silent = f"the broker at {dispatch.connection.bootstrap} is silent; the events wait in the outbox"
                dispatch.meter.notice(silent)


def _wait(future: FutureRecordMetadata) -> bool:
    try:
        future.get(timeout=_NOTICE_SECONDS)
    except KafkaError:
        return future.is_done
    return True
