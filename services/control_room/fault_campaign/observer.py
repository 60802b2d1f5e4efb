"""The judge from outside: what clinics hold for acknowledged, against what the release counts and the broker holds.

It shares no code with the platform: sqlite3 on the outboxes, duckdb on the released file and on the lake's segments,
kafka-python on the topics. A place is a topic's id, a partition and an offset.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

Place = tuple[str, int, int]

_COUNTED = """
    select origin_topic, origin_topic_id, origin_partition, origin_offset, event_id, disposition
    from staging.stg_dispositions
    where list_contains($topics, origin_topic)
"""
# In the folders' names are the topic, its id and the partition; the segments of a topic have one set of columns.
_LANDED_TWICE = """
    select coalesce(sum(times - 1), 0) from (
        select count(*) as times
        from read_parquet($segments, hive_partitioning = false, filename = true)
        group by parse_dirpath(parse_dirpath(filename)), landed_offset
    )
"""


@dataclass(frozen=True)
class Judgement:
    """Of a campaign, or of a moment of it; everything but `acknowledged` is 0 when nothing went wrong.

    `missing`: acknowledged to a clinic, and not in the release at that place and under that id. `counted_twice`: ids of
    one clinic that are accepted at two places. `unaccounted`: places of the clinics' topics that do not have exactly
    one disposition.
    """

    acknowledged: int
    missing: int
    counted_twice: int
    unaccounted: int

    @property
    def holds(self) -> bool:
        return not (self.missing or self.counted_twice or self.unaccounted)


@dataclass(frozen=True)
class _Counted:
    topic: str
    place: Place
    event_id: str | None
    disposition: str


def judge(outboxes: Path, release: Path, broker: dict[str, Any]) -> Judgement:
    """`outboxes` is a folder with those of the clinics to judge, named by the clinic, at any depth; `release` the
    officer's file, made after the last event landed; `broker` are keyword arguments for a client of kafka-python."""
    acknowledged = dict(_acknowledged(outboxes))
    topics = sorted({f"clinic.{file.stem}.events" for file in outboxes.rglob("*.sqlite")})
    counted = list(_counted(release, topics))
    times = Counter(each.place for each in counted)
    accepted = Counter((each.topic, each.event_id) for each in counted if each.disposition == "accepted")
    written, topic_ids = _written(broker, topics)
    here = {place for place in times if place[0] in topic_ids}
    return Judgement(
        acknowledged=len(acknowledged),
        missing=len(acknowledged.items() - _as_acknowledged(counted, acknowledged)),
        counted_twice=sum(count - 1 for count in accepted.values()),
        unaccounted=len(written ^ here) + sum(count - 1 for count in times.values()),
    )


def landed_twice(lake: Path) -> int:
    """How many times a record of the network's topics lies in more segments than one. To be asked while nobody merges
    segments: a merged one and its parts hold the same records until the parts are removed."""
    segments = defaultdict(list)
    for file in lake.glob("network.*/cluster=*/**/*.parquet"):
        segments[file.relative_to(lake).parts[0]].append(str(file))
    with duckdb.connect() as connection:
        return sum(_first(connection.execute(_LANDED_TWICE, {"segments": each})) for each in segments.values())


def _acknowledged(outboxes: Path) -> Iterator[tuple[Place, str | None]]:
    for file in outboxes.rglob("*.sqlite"):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as outbox:
            rows = outbox.execute(
                "select topic_id, partition, \"offset\", event_id from events where state <> 'queued'"
            )
            yield from (((topic_id, partition, offset), event_id) for topic_id, partition, offset, event_id in rows)


def _counted(release: Path, topics: list[str]) -> Iterator[_Counted]:
    with duckdb.connect(str(release), read_only=True) as connection:
        for topic, topic_id, partition, offset, event_id, disposition in connection.execute(
            _COUNTED, {"topics": topics}
        ).fetchall():
            yield _Counted(topic, (topic_id, partition, offset), event_id, disposition)


def _as_acknowledged(counted: list[_Counted], acknowledged: dict[Place, str | None]) -> set[tuple[Place, str | None]]:
    """Of a refused event the platform may not know the id: its place is enough."""
    return {
        (each.place, acknowledged.get(each.place) if each.disposition == "quarantined" else each.event_id)
        for each in counted
    }


def _written(broker: dict[str, Any], topics: list[str]) -> tuple[set[Place], set[str]]:
    """The places that the broker holds, and the ids that these topics have there now."""
    admin, consumer = KafkaAdminClient(**broker), KafkaConsumer(**broker)
    try:
        ids = {each["name"]: str(each["topic_id"]) for each in admin.describe_topics(topics)}
        places = [
            TopicPartition(topic, each) for topic in topics for each in consumer.partitions_for_topic(topic) or ()
        ]
        begins, ends = consumer.beginning_offsets(places), consumer.end_offsets(places)
    finally:
        consumer.close()
        admin.close()
    written = {
        (ids[place.topic], place.partition, offset) for place in places for offset in range(begins[place], ends[place])
    }
    return written, set(ids.values())


def _first(answer: Any) -> int:
    return answer.fetchone()[0]
