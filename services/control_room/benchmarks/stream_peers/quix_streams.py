"""Quix Streams with the decisions of Meridian's stream: one dataframe for each clinic's topic."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quixstreams import Application, message_context
from quixstreams.kafka import ConnectionConfig
from quixstreams.models import Serializer

from control_room.benchmarks.stream_peers.given import SAFE_PRODUCER, Fetched, Given
from network_registry.topics import NETWORK_TOPICS, clinic_of, receipts_topic
from session_stream.decide import Output


class _ValueOfOutput(Serializer):
    """A dataframe hands whole outputs on: of these, the bytes."""

    def __call__(self, output: Output, ctx: Any) -> bytes:
        return output.value


def run(given: Given) -> None:
    """Until SIGTERM."""
    app = Application(
        ConnectionConfig.from_librdkafka_dict(given.connection.librdkafka()),
        consumer_group=given.group,
        auto_offset_reset="earliest",
        commit_interval=1.0,
        auto_create_topics=False,
        state_dir=str(Path(tempfile.gettempdir()) / f"quix-{given.group}"),  # else a folder where the command was given
        loglevel="WARNING",
        producer_extra_config=SAFE_PRODUCER | {"linger.ms": 50, "batch.size": 512 * 2**10},
    )
    names = (*NETWORK_TOPICS, *(receipts_topic(clinic_of(topic) or "") for topic in given.topics))
    written = {name: app.topic(name, value_serializer=_ValueOfOutput()) for name in names}
    for topic in given.topics:
        read = app.topic(topic, value_deserializer="bytes")
        outputs = app.dataframe(read).apply(_deciding(given), expand=True, metadata=True)
        outputs.to_topic(lambda output, *_: written[output.topic], key=lambda output: output.key)
    app.run()


def _deciding(given: Given) -> Callable[..., list[Output]]:
    def decided(value: bytes, _key: Any, timestamp: int, _headers: Any) -> list[Output]:
        at = message_context()
        return given.decided(at.topic, at.partition, [Fetched(at.offset, timestamp, value)])

    return decided
