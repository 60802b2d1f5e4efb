"""Topics that hold millions of sessions, and a lake that holds what became of them, for `bench rebuild`.

Some thousand sessions are decided once for each clinic; their records are then published, and their rows written, again
and again at other offsets. One in a thousand lies in the lake as one that older rules refused.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from confluent_kafka import Producer
from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from clinic_events.network_records import QuarantinedEvent, encode
from clinic_events.reasons import Reason
from control_room.benchmarks.sample_sessions import sample_sessions
from control_room.benchmarks.stream_input import StreamInput
from network_registry.keys import network_key, pseudonym_key, quarantine_key
from network_registry.topics import EVENTS, QUARANTINE, STREAM_GROUP, clinic_of, events_topic
from session_stream.decide import Source, decide
from session_stream.pseudonyms import StreamKeys
from warehouse_releases.broker_view import BrokerView
from warehouse_releases.lake import prepare, write_segment
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.segments import Segment
from warehouse_releases.segments import Source as LandedSource

REFUSED_OF = 1_000
_BLOCK = 20_000

Tell = Callable[[str], None]


@dataclass(frozen=True)
class _Arrived:
    offset: int
    value: bytes
    timestamp: int


@dataclass
class _Landing:
    """Where the next segment of a network topic begins."""

    source: LandedSource
    end: int = 0


def lay_history(given: StreamInput, tell: Tell) -> int:
    """Returns how many of the events the lake holds as refused, though today's rules accept them."""
    with BrokerView(given.connection) as view:
        clinics = view.existing(map(events_topic, given.clinics))
        network = {one.topic: _Landing(one) for one in view.sources((EVENTS, QUARANTINE)) if one.partition == 0}
    each = given.events // len(clinics)
    values = sample_sessions(min(_BLOCK, each))
    tell(f"publishing {each * len(clinics):,} sessions")
    _publish(given, clinics, values, each)
    prepare(given.home.lake)
    refused = 0
    for number, one in enumerate(clinics):
        if number % (len(clinics) // len(given.clinics) or 1) == 0:
            tell(f"writing what became of them: {number * each:,}")
        refused += _land(given, one, values, each, network)
    return refused


def _publish(given: StreamInput, clinics: list[LandedSource], values: list[bytes], each: int) -> None:
    options = {"compression.type": "lz4", "linger.ms": 100, "batch.size": 2**20, "queue.buffering.max.kbytes": 2**18}
    producer = Producer({**given.connection.librdkafka(), **options, "queue.buffering.max.messages": 1_000_000})
    for start in range(0, each, len(values)):
        for one in clinics:
            for value in values[: each - start]:
                _produce(producer, one, value)
    producer.flush()
    places = {TopicPartition(one.topic, one.partition): each for one in clinics}
    consumer = KafkaConsumer(**given.connection.kafka_python(), group_id=STREAM_GROUP, enable_auto_commit=False)
    consumer.assign(list(places))
    ends = consumer.end_offsets(list(places))
    if ends != places:
        raise RuntimeError("the broker did not take every session")
    consumer.commit({place: OffsetAndMetadata(end, "", -1) for place, end in ends.items()})
    consumer.close()


def _produce(producer: Any, one: LandedSource, value: bytes) -> None:
    while True:
        try:
            return producer.produce(one.topic, value, partition=one.partition)
        except BufferError:
            producer.poll(0.5)


def _land(given: StreamInput, one: LandedSource, values: list[bytes], each: int, network: dict[str, _Landing]) -> int:
    tables = _tables(given, one, values)
    refused = 0
    for start in range(0, each, len(values)):
        for topic, table in tables.items():
            here = _at(table, start, each, network[topic])
            refused += here.num_rows if topic == QUARANTINE else 0
            _write(given, network[topic], here)
    return refused


def _tables(given: StreamInput, one: LandedSource, values: list[bytes]) -> dict[str, pa.Table]:
    rows: dict[str, list[Any]] = {EVENTS: [], QUARANTINE: []}
    for topic, value in _decided(given, one, values):
        rows[topic].append((*LANDED_TOPICS[topic].decode(value)[1], 0, 0))
    return {topic: LANDED_TOPICS[topic].table(found) for topic, found in rows.items()}


def _decided(given: StreamInput, one: LandedSource, values: list[bytes]) -> Iterator[tuple[str, bytes]]:
    keys = StreamKeys(pseudonym_key(given.home), network_key(given.home), quarantine_key(given.home))
    clinic_id, now = str(clinic_of(one.topic)), datetime.now(UTC)
    source = Source(clinic_id, one.cluster_id, one.topic, one.topic_id, one.partition)
    for offset, value in enumerate(values):
        accepted = decide([_Arrived(offset, value, round(now.timestamp() * 1000))], source, keys)[0]
        if offset % REFUSED_OF:
            yield accepted.topic, accepted.value
            continue
        origin = LANDED_TOPICS[EVENTS].decode(accepted.value)[0]
        yield QUARANTINE, encode(
            QuarantinedEvent(
                origin=origin, clinic_id=clinic_id, event_id=None, event_type=None, received_at=now,
                reasons=[Reason("unknown_type", "/type")], says_serious=False, key_version=1, ciphertext=b"",
                expires_at=now,
            )
        )  # fmt: skip


def _at(table: pa.Table, start: int, each: int, landing: _Landing) -> pa.Table:
    """The rows as they came at offsets from `start` on, as far as the partition goes."""
    origins = [offset + start for offset in table["origin_offset"].to_pylist()]
    rows = sum(origin < each for origin in origins)
    moved = _with(table, "origin_offset", pa.array(origins, pa.int64())).slice(0, rows)
    return _with(moved, "landed_offset", pa.array(range(landing.end, landing.end + rows), pa.int64()))


def _with(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    at = table.column_names.index(name)
    return table.set_column(at, table.schema.field(at), values)


def _write(given: StreamInput, landing: _Landing, table: pa.Table) -> None:
    if not table.num_rows:
        return
    last = landing.end + table.num_rows - 1
    write_segment(given.home.lake, Segment(landing.source, landing.end, last, datetime.now(UTC).date()), table)
    landing.end = last + 1
