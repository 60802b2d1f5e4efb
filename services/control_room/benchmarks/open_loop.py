"""Publish at a given rate whatever becomes of it, each event stamped with the moment at which it was due."""

import json
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from multiprocessing import get_context
from typing import Any

from confluent_kafka import Producer

from control_room.benchmarks.sample_sessions import STREAM_NEEDLES, each_sample_session
from network_registry.connections import Connection
from network_registry.topics import events_topic

_GET_READY_S = 1.0
_DISTINCT = 2000


@dataclass(frozen=True)
class Sent:
    """One event: when it was due and when the broker took it, in seconds since 1970, and the place that it gave it."""

    event_id: str
    clinic_id: str
    due: float
    taken: float
    partition: int
    offset: int


def with_a_flood(clinics: tuple[str, ...], times: int) -> tuple[str, ...]:
    """An order of turns in which the first clinic has `times` the share of each other one, evenly among them."""
    first, *others = clinics
    places = [(number / times, first) for number in range(times)]
    places += [((number + 0.5) / len(others), clinic) for number, clinic in enumerate(others)]
    return tuple(clinic for _, clinic in sorted(places))


def publish_open_loop(
    connection: Connection, turns: tuple[str, ...], rate: float, seconds: float, start: int
) -> list[Sent]:
    """Publish `rate` events a second, from a process that does nothing else; clinics take `turns`. `start` numbers the
    first event: no two runs may share an id. Raises when the broker did not take one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_publish, connection, turns, rate, seconds, start).result()


def _publish(connection: Connection, turns: tuple[str, ...], rate: float, seconds: float, start: int) -> list[Sent]:
    producer = Producer({**connection.librdkafka(), "acks": "all", "compression.type": "lz4", "linger.ms": 0})
    sessions = each_sample_session(_DISTINCT, start=start + 1, needles=STREAM_NEEDLES)
    bodies = cycle([_split(session) for session in sessions])
    for number, clinic in enumerate(sorted(set(turns))):
        # Not measured: a producer that has only just begun knows neither topics nor their leaders.
        head, tail = next(bodies)
        producer.produce(events_topic(clinic), head + b"warm-%d-%d" % (start, number) + tail)
    producer.flush()
    sent: list[Sent] = []
    began, epoch = time.monotonic() + _GET_READY_S, time.time() + _GET_READY_S
    for number in range(round(rate * seconds)):
        due, clinic, event_id = number / rate, turns[number % len(turns)], f"open-{start + number}"
        head, tail = next(bodies)
        producer.poll(max(0.0, began + due - time.monotonic()))
        time.sleep(max(0.0, began + due - time.monotonic()))
        told = partial(_taken, sent, event_id, clinic, epoch + due)
        producer.produce(events_topic(clinic), head + event_id.encode() + tail, event_id.encode(), on_delivery=told)
    producer.flush()
    if len(sent) < round(rate * seconds):
        raise RuntimeError("the broker did not take every event")
    return sent


def _taken(sent: list[Sent], event_id: str, clinic: str, due: float, error: object, record: Any) -> None:
    if error is None:
        _, taken_ms = record.timestamp()
        sent.append(Sent(event_id, clinic, due, taken_ms / 1000, record.partition(), record.offset()))


def _split(session: bytes) -> tuple[bytes, bytes]:
    """A session in two, between which an event's id goes."""
    head, _, tail = session.partition(json.loads(session)["id"].encode())
    return head, tail
