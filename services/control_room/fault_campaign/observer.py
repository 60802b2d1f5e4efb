"""The judge from outside: what clinics hold for acknowledged, against what the release counts and the broker holds.

It shares no code with the platform: sqlite3 on the outboxes, duckdb on the released file, kafka-python on the topics.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from kafka import KafkaConsumer, TopicPartition

Place = tuple[str, int, int]


@dataclass(frozen=True)
class Judgement:
    """Of a campaign, or of a moment of it; everything but `acknowledged` is 0 when nothing went wrong.

    `missing`: acknowledged to a clinic, and not in the release. `counted_twice`: ids of one clinic that are accepted
    at two places. `unaccounted`: places of the clinics' topics that do not have exactly one disposition.
    """

    acknowledged: int
    missing: int
    counted_twice: int
    unaccounted: int

    @property
    def holds(self) -> bool:
        return not (self.missing or self.counted_twice or self.unaccounted)


def judge(outboxes: Path, release: Path, broker: dict[str, Any]) -> Judgement:
    """`release` is the officer's file, made after the last event landed; `broker` are keyword arguments for a client of
    kafka-python."""
    acknowledged = set(_acknowledged(outboxes))
    rows = _counted(release)
    places = Counter((topic, partition, offset) for topic, partition, offset, *_ in rows)
    accepted = Counter((topic, event_id) for topic, _, _, event_id, disposition in rows if disposition == "accepted")
    written = set(_written(broker, {topic for topic, _, _ in acknowledged}))
    return Judgement(
        acknowledged=len(acknowledged),
        missing=len(acknowledged - places.keys()),
        counted_twice=sum(count - 1 for count in accepted.values()),
        unaccounted=len(written ^ places.keys()) + sum(count - 1 for count in places.values()),
    )


def _acknowledged(outboxes: Path) -> Iterator[Place]:
    for file in outboxes.glob("*.sqlite"):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as outbox:
            rows = outbox.execute("select partition, \"offset\" from events where state <> 'queued'")
            for partition, offset in rows:
                yield f"clinic.{file.stem}.events", partition, offset


def _counted(release: Path) -> list[tuple[str, int, int, str | None, str]]:
    with duckdb.connect(str(release), read_only=True) as connection:
        return connection.execute(
            "select origin_topic, origin_partition, origin_offset, event_id, disposition from staging.stg_dispositions"
        ).fetchall()


def _written(broker: dict[str, Any], topics: set[str]) -> Iterator[Place]:
    consumer = KafkaConsumer(**broker)
    try:
        places = [
            TopicPartition(topic, each) for topic in topics for each in consumer.partitions_for_topic(topic) or ()
        ]
        begins, ends = consumer.beginning_offsets(places), consumer.end_offsets(places)
    finally:
        consumer.close()
    for place in places:
        yield from ((place.topic, place.partition, offset) for offset in range(begins[place], ends[place]))
