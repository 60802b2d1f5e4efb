"""Records as the stream writes them, and a network whose topics take them."""

import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from kafka import KafkaAdminClient, KafkaProducer

from clinic_events.network_records import AcceptedEvent, Alert, Origin, QuarantinedEvent, encode
from clinic_events.reasons import Reason
from control_room.broker.launch import start_broker
from control_room.broker.readiness import wait_until_ready
from control_room.broker.storage import ensure_platform_credential
from control_room.onboarding import create_network_topics
from network_registry.connections import Connection, platform_connection
from network_registry.home import Home
from network_registry.keys import mint_keys
from network_registry.settings import Settings
from network_registry.topics import EVENTS, NETWORK_TOPICS, events_topic

RECEIVED = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Stream:
    """What the stream would say of the events in one partition of one clinic's topic."""

    clinic_id: str = "north"
    topic_id: str = "3c0bdf3e-5d4e-4d8c-9a51-6a7f1f6d0001"
    partition: int = 0

    def origin(self, offset: int) -> Origin:
        return Origin("cluster", events_topic(self.clinic_id), self.topic_id, self.partition, offset)

    def accepted(
        self,
        offset: int,
        event_id: str | None = None,
        content: str = "",
        event_type: str = "session.completed",
        data: dict | None = None,
        facts: dict | None = None,
        flags: tuple[str, ...] = (),
        patient_id: str | None = "pseudonym-1",
    ) -> AcceptedEvent:
        return AcceptedEvent(
            origin=self.origin(offset),
            event_id=event_id or f"e{offset}",
            event_type=event_type,
            schema_version=1,
            clinic_id=self.clinic_id,
            occurred_at=RECEIVED - timedelta(hours=1),
            received_at=RECEIVED + timedelta(seconds=offset),
            patient_id=patient_id,
            key_version=1,
            flags=[Reason(code, "/data") for code in flags],
            content_hash=content or f"hash of {event_id or offset}",
            normaliser_version="1",
            data=msgspec.Raw(msgspec.json.encode(data or {})),
            facts=msgspec.Raw(msgspec.json.encode(facts or {})),
        )

    def quarantined(self, offset: int, *codes: str) -> QuarantinedEvent:
        return QuarantinedEvent(
            origin=self.origin(offset),
            clinic_id=self.clinic_id,
            event_id=None,
            event_type=None,
            received_at=RECEIVED + timedelta(seconds=offset),
            reasons=[Reason(code, "") for code in codes or ("unreadable",)],
            says_serious=False,
            key_version=1,
            ciphertext=b"sealed",
            expires_at=RECEIVED + timedelta(days=30),
        )

    def alert(self, offset: int) -> Alert:
        return Alert(
            origin=self.origin(offset),
            clinic_id=self.clinic_id,
            event_id=f"e{offset}",
            event_type="adverse_event.reported",
            kind="serious_event",
            received_at=RECEIVED,
            quarantined=False,
        )


@pytest.fixture(scope="session")
def stream() -> Stream:
    return Stream()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home in which nothing has happened yet."""
    made = Home(tmp_path / "home").create()
    mint_keys(made)
    return made


@dataclass(frozen=True)
class LandingPlace:
    """A home of its own on a broker that a test file shares. The network's topics are new, the clinic has none yet."""

    home: Home
    settings: Settings
    stream: Stream

    @property
    def platform(self) -> Connection:
        return platform_connection(self.home, self.settings)


@pytest.fixture(scope="module")
def shared_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Settings]]:
    """One broker for a test file: starting one takes longer than most of its tests."""
    home = Home(tmp_path_factory.mktemp("shared") / "home").create()
    mint_keys(home)
    ensure_platform_credential(home)
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        ports = [each.getsockname()[1] for each in (one, other)]
    settings = Settings(home=home.root, broker_port=ports[0], controller_port=ports[1])
    process = start_broker(home, settings)
    try:
        wait_until_ready(platform_connection(home, settings), 90, process)
        yield home, settings
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def place(shared_broker: tuple[Home, Settings], tmp_path: Path, request: pytest.FixtureRequest) -> LandingPlace:
    broker_home, settings = shared_broker
    home = Home(tmp_path / "home").create()
    mint_keys(home)
    shutil.copytree(broker_home.credentials, home.credentials, dirs_exist_ok=True)
    clinic_id = f"clinic-{zlib.crc32(request.node.name.encode()):x}"
    made = LandingPlace(home, settings.model_copy(update={"home": home.root}), Stream(clinic_id, str(uuid.uuid4())))
    remake_network_topics(made.platform)
    return made


def remake_network_topics(connection: Connection) -> None:
    """Give the network's topics a new life: new ids, and offsets from zero."""
    admin = KafkaAdminClient(**connection.kafka_python())
    if there := sorted(set(NETWORK_TOPICS) & set(admin.list_topics())):
        admin.delete_topics(there)
        wait_until(lambda: not set(there) & set(admin.list_topics()))
    admin.close()
    create_network_topics(connection)


@pytest.fixture
def remake_topics() -> Callable[[Connection], None]:
    return remake_network_topics


Send = Callable[..., None]


@pytest.fixture
def send_to() -> Iterator[Callable[[object], Send]]:
    """Given a broker, a function that writes records to a partition of a network topic and waits until they are in."""
    producers: list[KafkaProducer] = []

    def connected(broker) -> Send:
        producer = KafkaProducer(**broker.platform.kafka_python(), acks="all")
        producers.append(producer)

        def send(records: Iterable[msgspec.Struct | bytes | None], topic: str = EVENTS, partition: int = 0) -> None:
            values = [encode(record) if isinstance(record, msgspec.Struct) else record for record in records]
            sent = [producer.send(topic, value, key=b"k", partition=partition) for value in values]
            producer.flush()
            for future in sent:
                future.get(timeout=30)

        return send

    yield connected
    for producer in producers:
        producer.close()


@pytest.fixture
def lander() -> Iterator[Callable[..., subprocess.Popen]]:
    """Given a broker, starts a lander in a process of its own, with small segments; whatever is left is killed."""
    started: list[subprocess.Popen] = []

    def start(broker, rows: int = 50, seconds: float = 0.05) -> subprocess.Popen:
        limits = {"MERIDIAN_SEGMENT_ROWS": str(rows), "MERIDIAN_SEGMENT_SECONDS": str(seconds)}
        port = {"MERIDIAN_BROKER_PORT": str(broker.settings.broker_port), "MERIDIAN_HOME": str(broker.home.root)}
        program = (
            "import sys; from network_registry.settings import load_settings; from network_registry.home import Home;"
            "from warehouse_releases.land import run_lander; settings = load_settings();"
            "sys.exit(run_lander(Home(settings.home), settings))"
        )
        environment = {**os.environ, **limits, **port, "PYTHONPATH": os.pathsep.join(sys.path)}
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_until(condition: Callable[[], bool], within_s: float = 60.0) -> None:
    """Return as soon as the condition holds; fail when it does not in time."""
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def eventually() -> Callable[..., None]:
    return wait_until
