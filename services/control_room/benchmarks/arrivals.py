"""When events arrived, read afterwards by the broker's clock: in `network.events`, and in the clinics' receipts."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import msgspec
from kafka import KafkaConsumer, TopicPartition

from clinic_events.network_records import Landed, decode_receipt
from network_registry.connections import Connection
from network_registry.topics import EVENTS, receipts_topic

Ends = dict[TopicPartition, int]


class _Named(msgspec.Struct):
    event_id: str


_decode = msgspec.json.Decoder(_Named).decode


def ends_of(connection: Connection, clinics: Iterable[str]) -> Ends:
    """Where `network.events` and the clinics' receipts end now."""
    with _consumer(connection) as consumer:
        topics = [EVENTS, *map(receipts_topic, clinics)]
        places = [
            TopicPartition(topic, each) for topic in topics for each in consumer.partitions_for_topic(topic) or ()
        ]
        return consumer.end_offsets(places)


def validated(connection: Connection, since: Ends) -> dict[str, float]:
    """By event id the moment, in seconds since 1970, at which the broker took the stream's record of it."""
    found: dict[str, float] = {}
    for _, value, at in _records(connection, {place: end for place, end in since.items() if place.topic == EVENTS}):
        found.setdefault(_decode(value).event_id, at)
    return found


def landed(connection: Connection, since: Ends) -> dict[tuple[str, int, int], float]:
    """By receipts topic, partition and offset the moment at which the clinic was told that the event is durable."""
    found: dict[tuple[str, int, int], float] = {}
    for topic, value, at in _records(connection, {place: end for place, end in since.items() if place.topic != EVENTS}):
        receipt = decode_receipt(value)
        if isinstance(receipt, Landed):
            for first, last in receipt.ranges:
                for offset in range(first, last + 1):
                    found.setdefault((topic, receipt.partition, offset), at)
    return found


def _records(connection: Connection, since: Ends) -> Iterator[tuple[str, bytes, float]]:
    with _consumer(connection) as consumer:
        consumer.assign(list(since))
        ends = consumer.end_offsets(list(since))
        for place, offset in since.items():
            consumer.seek(place, offset)
        while any(consumer.position(place) < end for place, end in ends.items()):
            for place, records in consumer.poll(1000).items():
                yield from ((place.topic, record.value, record.timestamp / 1000) for record in records)


@contextmanager
def _consumer(connection: Connection) -> Iterator[KafkaConsumer]:
    consumer = KafkaConsumer(**connection.kafka_python(), fetch_max_bytes=50 * 2**20)
    try:
        yield consumer
    finally:
        consumer.close()
