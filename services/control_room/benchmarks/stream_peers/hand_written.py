"""confluent-kafka by hand, with the decisions of Meridian's stream: what there is to gain without a framework."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from confluent_kafka import Message

from control_room.benchmarks.stream_peers.confluent_loop import run_loop
from control_room.benchmarks.stream_peers.given import Fetched, Given
from session_stream.decide import Output


def run(given: Given) -> None:
    def decided(messages: list[Message]) -> Iterator[Output]:
        by_partition: dict[Any, list[Fetched]] = defaultdict(list)
        for message in messages:
            fetched = Fetched(message.offset(), message.timestamp()[1], message.value())  # pyright: ignore
            by_partition[message.topic(), message.partition()].append(fetched)
        for (topic, partition), records in by_partition.items():
            yield from given.decided(topic, partition, records)

    run_loop(given, decided)
