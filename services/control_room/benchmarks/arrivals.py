"""When events arrive: in `network.events` by the broker's clock, and in the lake when their segment has its name."""

import threading
import time
from pathlib import Path

import duckdb
import msgspec
from kafka import KafkaConsumer, TopicPartition

from network_registry.connections import Connection
from network_registry.topics import EVENTS

_LOOK_S = 0.02


class _Named(msgspec.Struct):
    event_id: str


_decode = msgspec.json.Decoder(_Named).decode


class LakeWatch:
    """Notes when each segment is first seen, a look every 20 ms, while the block runs."""

    def __init__(self, lake: Path) -> None:
        self._lake, self._seen = lake / EVENTS, {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "LakeWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def landed(self) -> dict[str, float]:
        """By event id the moment, in seconds since 1970, at which it was first seen in the lake."""
        found: dict[str, float] = {}
        with duckdb.connect() as connection:
            for path, at in sorted(self._seen.items(), key=lambda seen: seen[1]):
                rows = connection.execute("select event_id from read_parquet(?, hive_partitioning = false)", [path])
                for (event_id,) in rows.fetchall():
                    found.setdefault(event_id, at)
        return found

    def _look(self) -> None:
        while not self._stop.wait(_LOOK_S):
            for path in self._lake.rglob("*-*.parquet"):
                if (name := str(path)) not in self._seen and "=" in name:
                    self._seen[name] = time.time()


def validated(connection: Connection, since: dict[TopicPartition, int]) -> dict[str, float]:
    """By event id the moment at which the broker took the stream's record of it, from these offsets on."""
    consumer = KafkaConsumer(**connection.kafka_python(), fetch_max_bytes=50 * 2**20)
    try:
        consumer.assign(list(since))
        ends = consumer.end_offsets(list(since))
        for place, offset in since.items():
            consumer.seek(place, offset)
        found: dict[str, float] = {}
        while any(consumer.position(place) < end for place, end in ends.items()):
            for records in consumer.poll(1000).values():
                for record in records:
                    found.setdefault(_decode(record.value).event_id, record.timestamp / 1000)
        return found
    finally:
        consumer.close()


def ends(connection: Connection) -> dict[TopicPartition, int]:
    """Where `network.events` ends now."""
    consumer = KafkaConsumer(**connection.kafka_python())
    try:
        places = [TopicPartition(EVENTS, each) for each in consumer.partitions_for_topic(EVENTS) or ()]
        return consumer.end_offsets(places)
    finally:
        consumer.close()
