"""Faust as its manual shows it: an agent that takes one event after the other, and sends each output to its topic."""

from typing import Any

import faust

from control_room.benchmarks.stream_peers.given import Fetched, Given
from network_registry.topics import NETWORK_TOPICS, clinic_of, receipts_topic


def run(given: Given) -> None:
    """Until SIGTERM."""
    app = faust.App(
        given.group,
        broker=[f"kafka://{address}" for address in given.connection.bootstrap.split(",")],
        broker_credentials=faust.SASLCredentials(
            username=given.connection.username, password=given.connection.password, mechanism="SCRAM-SHA-512"
        ),
        consumer_auto_offset_reset="earliest",
        broker_commit_interval=1.0,
        producer_acks=-1,
        producer_compression_type="lz4",
        topic_disable_leader=True,
        topic_allow_declare=False,
        web_enabled=False,
        value_serializer="raw",
        key_serializer="raw",
    )
    names = (*NETWORK_TOPICS, *(receipts_topic(clinic_of(topic) or "") for topic in given.topics))
    written = {name: app.topic(name, value_type=bytes) for name in names}

    @app.agent(app.topic(*given.topics, value_type=bytes))
    async def session_stream(stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            fetched = Fetched(message.offset, int(message.timestamp * 1000), event.value)
            for output in given.decided(message.topic, message.partition, [fetched]):
                await written[output.topic].send(key=output.key, value=output.value)

    faust.Worker(app, loglevel="WARNING", quiet=True).execute_from_commandline()
