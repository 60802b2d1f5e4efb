"""Publish at a given rate whatever becomes of it, each event stamped with the moment at which it was due."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

from kafka import KafkaProducer

from control_room.benchmarks.sample_sessions import each_sample_session
from network_registry.connections import Connection
from network_registry.topics import events_topic


@dataclass
class Sent:
    """When each event was due, in seconds since 1970, by its id; and whose it is."""

    due: dict[str, float] = field(default_factory=dict)
    clinic_of: dict[str, str] = field(default_factory=dict)


Turn = Callable[[int], str]


def in_turns(clinics: tuple[str, ...]) -> Turn:
    """Every clinic has the same share."""
    return lambda number: clinics[number % len(clinics)]


def with_a_flood(clinics: tuple[str, ...], times: int) -> Turn:
    """The first clinic has `times` the share of each other one, evenly among them."""
    first, *others = clinics
    places = [(number / times, first) for number in range(times)]
    places += [((number + 0.5) / len(others), clinic) for number, clinic in enumerate(others)]
    return in_turns(tuple(clinic for _, clinic in sorted(places)))


def publish_open_loop(connection: Connection, turn: Turn, rate: float, seconds: float, start: int) -> Sent:
    """Publish `rate` events a second. `start` numbers the first: no two runs may share an id. Raises when the broker
    did not take one."""
    producer = KafkaProducer(**connection.kafka_python(), acks="all", compression_type="lz4", linger_ms=0)
    sent, futures, bodies = Sent(), [], _bodies(start)
    began, epoch = time.monotonic(), time.time()
    try:
        for number in range(round(rate * seconds)):
            due = number / rate
            time.sleep(max(0.0, began + due - time.monotonic()))
            clinic, event_id = turn(number), f"open-{start + number}"
            sent.due[event_id], sent.clinic_of[event_id] = epoch + due, clinic
            futures.append(producer.send(events_topic(clinic), next(bodies)(event_id), key=event_id.encode()))
        producer.flush()
        for future in futures:
            future.get(timeout=30)
    finally:
        producer.close()
    return sent


def _bodies(start: int) -> Iterator[Callable[[str], bytes]]:
    """A few thousand sessions again and again, under another id each time."""
    sessions = [json.loads(session) for session in each_sample_session(2000, start=start + 1)]
    for session in cycle(sessions):
        yield lambda event_id, session=session: json.dumps(
            session | {"id": event_id, "data": session["data"] | {"session_id": event_id}}
        ).encode()
