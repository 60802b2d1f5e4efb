"""One process that reads stretches of the clinics' topics again. It has no group: nobody's place is moved."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from kafka import KafkaProducer, TopicPartition
from kafka.errors import OffsetOutOfRangeError

from control_room.broker.parent_death import end_with
from control_room.deciding_again.held_outcomes import HeldOutcomes
from control_room.deciding_again.outcomes import change_of, outcome_of, to_send
from control_room.deciding_again.plan import Stretch
from network_registry.connections import Connection, platform_connection
from network_registry.database import open_registry
from network_registry.erased_patients import ErasedList
from network_registry.home import Home
from network_registry.keys import network_key, pseudonym_key, quarantine_key
from network_registry.settings import Settings
from session_stream.decide import decide
from session_stream.outputs import partition_of_key
from session_stream.pseudonyms import StreamKeys
from warehouse_releases.kafka_clients import new_consumer, records_between

# For how long nothing may come of a broker before it is given up.
_SILENT_S = 60.0
_RECORDS_AT_ONCE = 2_000
_LARGEST = 8 * 1024 * 1024
_CLIENT = "meridian-rebuild"

Counts = dict[str, int]


class Reader:
    """`held` is the file of `held_outcomes`. A dry run decides and counts, and passes nothing on."""

    def __init__(self, home: Home, settings: Settings, held: Path, dry_run: bool) -> None:
        connection = platform_connection(home, settings)
        self._consumer = new_consumer(connection, _RECORDS_AT_ONCE, _CLIENT)
        self._producer = _producer(connection)
        self._held, self._dry_run = HeldOutcomes(held), dry_run
        self._keys = StreamKeys(pseudonym_key(home), network_key(home), quarantine_key(home))
        self._erased = ErasedList(home, open_registry(home))
        self._partition_counts: dict[str, int] = {}

    def decide_again(self, stretch: Stretch) -> Counts:
        """How many events there were of each `Change`, and how many expired; what is passed on is confirmed.

        Raises `kafka.errors.KafkaError`, `BrokerSilent`."""
        held = self._held.between(stretch.source, stretch.first, stretch.last)
        erased, counts, sent = self._erased.read(), Counter(), []
        for record in self._records(stretch):
            outputs = decide([record], stretch.source, self._keys, erased)
            before = held.get(record.offset)
            change = change_of(before, outcome_of(outputs))
            counts[change] += 1
            if not self._dry_run:
                sent += [self._send(output) for output in to_send(change, outputs, before)]
        self._producer.flush(timeout=_SILENT_S)
        for each in sent:
            each.get(timeout=_SILENT_S)
        gone = stretch.last - stretch.first + 1 - sum(counts.values())
        return {**counts, "expired": gone}

    def _send(self, output: Any) -> Any:
        if output.topic not in self._partition_counts:
            self._partition_counts[output.topic] = len(self._producer.partitions_for(output.topic))
        partition = partition_of_key(output.key, self._partition_counts[output.topic])
        return self._producer.send(output.topic, output.value, key=output.key, partition=partition)

    def _records(self, stretch: Stretch) -> Iterator[Any]:
        place, first = TopicPartition(stretch.source.topic, stretch.source.partition), stretch.first
        while True:
            try:
                for fetched in records_between(self._consumer, place, first, stretch.last, _SILENT_S):
                    yield from fetched
                return
            except OffsetOutOfRangeError:
                # Retention has come nearer since the plan was made.
                first = max(self._consumer.beginning_offsets([place])[place], self._consumer.position(place))


_given: tuple[Any, ...] = ()


def begin(command: int, *given: Any) -> None:
    """In each process of the pool, before its first stretch; `command` is the process that it works for, the rest is
    what a `Reader` is given."""
    global _given
    end_with(command)
    _given = given


def decide_again(stretch: Stretch) -> Counts:
    """Raises besides what keeps a `Reader` from being made."""
    return _reader().decide_again(stretch)


@cache
def _reader() -> Reader:
    return Reader(*_given)


def _producer(connection: Connection) -> Any:
    return KafkaProducer(
        **connection.kafka_python(),
        client_id=_CLIENT,
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=20,
        max_request_size=_LARGEST,
    )
