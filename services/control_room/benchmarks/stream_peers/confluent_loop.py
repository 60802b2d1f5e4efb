"""The loop that one writes by hand on confluent-kafka: batches in, outputs out, each second a flush and a commit."""

import signal
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from confluent_kafka import Consumer, Message, Producer

from control_room.benchmarks.stream_peers.given import SAFE_PRODUCER, Given
from session_stream.decide import Output

BATCH = 10_000
COMMIT_SECONDS = 1.0

Transform = Callable[[list[Message]], Iterable[Output]]


def run_loop(given: Given, transform: Transform) -> None:
    """Until SIGTERM. Ends without a commit when a record could not be delivered."""
    consumer, producer = _clients(given)
    consumer.subscribe(given.topics)
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    committed_at, is_new = time.monotonic(), False
    while not stopped:
        messages = [_checked(message) for message in consumer.consume(BATCH, timeout=0.05)]
        for output in transform(messages):
            producer.produce(output.topic, output.value, output.key, on_delivery=_must_be_delivered)
        producer.poll(0)
        is_new = is_new or bool(messages)
        if is_new and time.monotonic() - committed_at >= COMMIT_SECONDS:
            producer.flush()
            consumer.commit(asynchronous=False)
            committed_at, is_new = time.monotonic(), False
    consumer.close()


def _clients(given: Given) -> tuple[Consumer, Producer]:
    reading = {
        "group.id": given.group,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "fetch.max.bytes": 50 * 2**20,
    }
    writing = {
        "linger.ms": 50,
        "batch.size": 512 * 2**10,
        "queue.buffering.max.messages": 2_000_000,
        "queue.buffering.max.kbytes": 2**20,
        "delivery.report.only.error": True,
    }
    return Consumer(given.connection.librdkafka() | reading), Producer(
        given.connection.librdkafka() | SAFE_PRODUCER | writing
    )


def _checked(message: Message) -> Message:
    if error := message.error():
        sys.exit(f"not consumed: {error}")
    return message


def _must_be_delivered(error: Any, _message: Message) -> None:
    if error is not None:
        sys.exit(f"not delivered: {error}")
