"""A broker of its own for `bench stream`, in whose clinics' topics some hundred thousand sessions wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kafka import KafkaProducer

from control_room.benchmarks.sample_sessions import STREAM_NEEDLES, sample_sessions
from control_room.broker.launch import start_broker
from control_room.broker.readiness import wait_until_ready
from control_room.demo.home import free_ports
from control_room.homes import checked_settings, furnish
from control_room.onboarding import create_network_topics, onboard_clinics
from network_registry.connections import Connection, platform_connection
from network_registry.home import Home
from network_registry.settings import Settings
from network_registry.topics import events_topic

CLINICS = 8
READY_WITHIN_S = 90
STOP_S = 30


@dataclass(frozen=True)
class StreamInput:
    home: Home
    settings: Settings
    events: int
    clinics: tuple[str, ...]

    @property
    def connection(self) -> Connection:
        return platform_connection(self.home, self.settings)


@contextmanager
def waiting_sessions(
    root: Path, events: int, tell: Callable[[str], None], clinics: int = CLINICS, partition: int | None = None
) -> Iterator[StreamInput]:
    """The broker runs for as long as the block does. In one `partition` of each clinic's topic, or spread over all."""
    with broker_of_clinics(root, events, clinics) as given:
        tell(f"publishing {events:,} sessions of {clinics} clinics")
        _publish(given, partition)
        yield given


@contextmanager
def broker_of_clinics(root: Path, events: int, clinics: int = CLINICS) -> Iterator[StreamInput]:
    """The same, with nothing in its topics yet."""
    home = Home(root / "home")
    furnish(home)
    home.settings_file.write_text(free_ports())
    settings = checked_settings(home)
    given = StreamInput(home, settings, events, tuple(f"clinic-{number:02}" for number in range(clinics)))
    process = start_broker(home, settings)
    try:
        wait_until_ready(given.connection, READY_WITHIN_S, process)
        create_network_topics(given.connection)
        onboard_clinics(home, settings, given.clinics)
        yield given
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        finally:
            process.kill()


def _publish(given: StreamInput, partition: int | None) -> None:
    producer = KafkaProducer(
        **given.connection.kafka_python(), acks="all", compression_type="lz4", linger_ms=50, batch_size=512 * 2**10
    )
    sessions = sample_sessions(given.events, needles=STREAM_NEEDLES)
    sent = [
        producer.send(
            events_topic(given.clinics[number % len(given.clinics)]), session, b"%d" % number, partition=partition
        )
        for number, session in enumerate(sessions)
    ]
    producer.flush()
    producer.close()
    if not all(each.succeeded() for each in sent):
        raise RuntimeError("the broker did not take every session")
