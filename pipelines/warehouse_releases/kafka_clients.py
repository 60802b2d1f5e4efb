"""The Kafka clients of this room, typed as Any: the stubs that pyright brings are those of an older kafka-python."""

import time
from collections.abc import Iterator
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from network_registry.connections import Connection

# A broker that is not there is told within seconds: whoever asks has a supervisor, or a person, to try again.
_ANSWER_WITHIN_MS = 8_000
# Larger than the largest message that a network topic takes.
_FETCH_BYTES = 8 * 1024 * 1024
_POLL_MS = 1_000


class BrokerSilent(Exception):
    """The broker gave nothing of what it holds, or confirmed nothing of what it was given, for too long."""


def new_admin(connection: Connection) -> Any:
    return KafkaAdminClient(**_options(connection), client_id="meridian-warehouse")


def new_consumer(connection: Connection, max_records: int, client_id: str = "meridian-lander") -> Any:
    """No group: the lake's file names say where to go on. No reset: a hole must be seen, not jumped over."""
    return KafkaConsumer(
        **_options(connection),
        client_id=client_id,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",  # pyright: ignore[reportArgumentType]
        max_poll_records=max_records,
        max_partition_fetch_bytes=_FETCH_BYTES,
        allow_auto_create_topics=False,
    )


def records_between(
    consumer: Any, place: TopicPartition, first: int, last: int, silent_s: float
) -> Iterator[list[Any]]:
    """A partition's records from `first` to `last`, both included, a list for each fetch that brought any.

    Raises `KafkaError`, also where the partition does not begin that early any more, and `BrokerSilent` when it comes
    no further for `silent_s`.
    """
    consumer.assign([place])
    consumer.seek(place, first)
    heard_at = time.monotonic()
    while (position := consumer.position(place)) <= last:
        fetched = consumer.poll(timeout_ms=_POLL_MS).get(place, [])
        if wanted := [record for record in fetched if record.offset <= last]:
            yield wanted
        if consumer.position(place) > position:
            heard_at = time.monotonic()
        elif time.monotonic() - heard_at > silent_s:
            raise BrokerSilent(f"the broker gave nothing for {silent_s:g} s")


def new_producer(connection: Connection) -> Any:
    return KafkaProducer(
        **_options(connection),
        client_id="meridian-lander",
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
    )


def _options(connection: Connection) -> dict[str, Any]:
    return connection.kafka_python() | {"bootstrap_timeout_ms": _ANSWER_WITHIN_MS}
