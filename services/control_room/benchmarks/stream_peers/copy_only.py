"""confluent-kafka that copies every record as it is, and decides nothing: as fast as Python gets records through."""

from collections.abc import Iterator

from confluent_kafka import Message

from control_room.benchmarks.stream_peers.confluent_loop import run_loop
from control_room.benchmarks.stream_peers.given import Given
from network_registry.topics import EVENTS
from session_stream.decide import Output


def run(given: Given) -> None:
    run_loop(given, _copies)


def _copies(messages: list[Message]) -> Iterator[Output]:
    for message in messages:
        yield Output(EVENTS, message.key(), message.value())  # pyright: ignore[reportArgumentType]
