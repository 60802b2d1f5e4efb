"""What the broker says of topics: which incarnation they are, where they begin and end, what a group has committed."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError
from kafka.structs import TopicPartition

from network_registry.connections import Connection
from warehouse_releases.kafka_clients import new_admin
from warehouse_releases.segments import Source

# A broker that has just started, or never had a group, first makes the topic in which it keeps their offsets.
_NO_COORDINATOR_YET = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)
_COORDINATOR_WITHIN_S = 20.0
# Kafka's own numbers for the two ends of a partition.
_EARLIEST, _LATEST = -2, -1


class TopicMissing(Exception):
    """The broker has no such topic."""


@dataclass(frozen=True)
class Bounds:
    """The offsets that a partition holds: `first` up to, but not with, `end`."""

    first: int
    end: int


class BrokerView:
    """Read-only questions to the broker. Every answer is fresh. Raises `kafka.errors.KafkaError`."""

    def __init__(self, connection: Connection) -> None:
        self.admin = new_admin(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.admin.close()

    def sources(self, topics: Iterable[str]) -> list[Source]:
        """Every partition of these topics, with the ids of cluster and topic. Raises `TopicMissing`."""
        wanted = set(topics)
        found = self.existing(wanted)
        if absent := wanted - {source.topic for source in found}:
            raise TopicMissing(f"the broker has no topic {', '.join(sorted(absent))}")
        return found

    def existing(self, topics: Iterable[str]) -> list[Source]:
        """Every partition of those of these topics that there are."""
        cluster_id = self.admin.describe_cluster()["cluster_id"]
        return [
            Source(topic["name"], cluster_id, str(topic["topic_id"]), partition["partition_index"])
            for topic in self.admin.describe_topics(sorted(topics))
            if not topic["error_code"]
            for partition in sorted(topic["partitions"], key=lambda partition: partition["partition_index"])
        ]

    def bounds(self, sources: Iterable[Source]) -> dict[Source, Bounds]:
        wanted = list(sources)
        first = self._offsets(wanted, _EARLIEST)
        end = self._offsets(wanted, _LATEST)
        return {source: Bounds(first[source], end[source]) for source in wanted}

    def committed(self, group: str, sources: Iterable[Source]) -> dict[Source, int]:
        """The group's committed offset in each partition; 0 where it never committed."""
        kept = self._group_offsets(group)
        return {source: max(kept[at].offset, 0) if (at := partition_of(source)) in kept else 0 for source in sources}

    def _group_offsets(self, group: str) -> dict[TopicPartition, Any]:
        until = time.monotonic() + _COORDINATOR_WITHIN_S
        while True:
            try:
                return self.admin.list_group_offsets({group: None})[group]
            except _NO_COORDINATOR_YET:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _offsets(self, sources: list[Source], spec: int) -> dict[Source, int]:
        if not sources:
            return {}
        answers = self.admin.list_partition_offsets({partition_of(source): spec for source in sources})
        return {source: answers[partition_of(source)].offset for source in sources}


def partition_of(source: Source) -> TopicPartition:
    return TopicPartition(source.topic, source.partition)
