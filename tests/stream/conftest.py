"""Events as a clinic sends them, and a real worker in a process of its own on the real broker."""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError

from control_room.broker.parent_death import end_with
from control_room.onboarding import onboard_clinic
from network_registry.connections import Connection, platform_connection, platform_credential
from network_registry.home import Home
from network_registry.keys import Key, mint_keys
from network_registry.settings import Settings
from network_registry.topics import STREAM_GROUP, events_topic, receipts_topic
from session_stream.decide import Source, decide
from session_stream.pseudonyms import StreamKeys

START = """
import sys
from network_registry.home import Home
from network_registry.settings import load_settings
import session_stream.app as app, session_stream.record_batches as record_batches
from process_telemetry.process_log import log_to_stderr
from session_stream.worker import run_stream_worker
log_to_stderr("stream")
{fault}
settings = load_settings()
sys.exit(run_stream_worker(Home(settings.home), settings, {number}))
"""


@dataclass(frozen=True)
class Arriving:
    """A record as the broker hands it over; the time is 2024-03-01 09:00 UTC."""

    value: bytes | None
    offset: int = 7
    timestamp: int = 1_709_283_600_000
    timestamp_type: int = 1


@pytest.fixture(scope="session")
def arriving() -> type[Arriving]:
    return Arriving


@pytest.fixture(scope="session")
def keys() -> StreamKeys:
    return StreamKeys(pseudonym=Key(1, b"p" * 32), network=Key(1, b"n" * 32), quarantine=Key(1, b"q" * 32))


@pytest.fixture(scope="session")
def source() -> Source:
    return Source("alpha", "cluster-1", "clinic.alpha.events", "topic-1", 2)


@pytest.fixture
def outcome(arriving, source, keys):
    """The outputs of one record, by topic."""

    def of(raw: bytes | None) -> dict[str, bytes]:
        outputs = decide([arriving(raw)], source, keys)
        assert len({output.topic for output in outputs}) == len(outputs)
        return {output.topic: output.value for output in outputs}

    return of


def session_event(event_id: str, **changes: Any) -> bytes:
    """A session as a clinic sends it; a change of None leaves the attribute out."""
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": "practice-system",
        "type": "session.completed",
        "time": "2024-03-01T10:00:00+02:00",
        "subject": "PATIENT-4711",
        "data": {"session_id": f"s-{event_id}", "needles": [{"point": "St-36", "side": "left", "depth_mm": 12}]},
    }
    return json.dumps({name: value for name, value in {**event, **changes}.items() if value is not None}).encode()


@pytest.fixture(scope="session")
def a_session() -> Callable[..., bytes]:
    return session_event


def until(condition: Callable[[], Any], within_s: float = 60.0) -> Any:
    """The first true answer of `condition`."""
    deadline = time.monotonic() + within_s
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not within {within_s:g} s"
        time.sleep(0.05)
    return answer


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., Any]:
    return until


@dataclass
class StreamNetwork:
    """A home of its own on the shared broker: its own clinics, its own keys, its own workers."""

    home: Home
    settings: Settings
    processes: list[subprocess.Popen] = field(default_factory=list)

    @property
    def platform(self) -> Connection:
        return platform_connection(self.home, self.settings)

    def admin(self) -> KafkaAdminClient:
        return KafkaAdminClient(**self.platform.kafka_python())

    @cached_property
    def _asking(self) -> KafkaAdminClient:
        # Tests ask again and again until something is committed: logging in takes longer than the answer.
        return self.admin()

    def close(self) -> None:
        for process in (each for each in self.processes if each.poll() is None):
            process.kill()
            process.wait(10)
        if "_asking" in vars(self):
            self._asking.close()

    def clinic(self) -> str:
        clinic_id = f"st-{uuid.uuid4().hex[:8]}"
        onboard_clinic(self.home, self.settings, clinic_id)
        return clinic_id

    def publish(self, clinic_id: str, values: Iterable[bytes | None], partition: int | None = None) -> int:
        """The number of records that the broker has acknowledged."""
        producer = KafkaProducer(**self.platform.kafka_python(), acks="all", linger_ms=20, batch_size=128 * 1024)
        sent = [producer.send(events_topic(clinic_id), v, key=b"PATIENT-4711", partition=partition) for v in values]
        producer.flush()
        producer.close()
        return sum(each.succeeded() for each in sent)

    def start_worker(self, fault: str = "", number: int = 1) -> subprocess.Popen:
        """A worker; `fault` is Python that breaks something in it before it runs."""
        log = (self.home.logs / f"stream-{len(self.processes)}.log").open("wb")
        environment = {"MERIDIAN_HOME": str(self.home.root), "MERIDIAN_BROKER_PORT": str(self.settings.broker_port)}
        command = [sys.executable, "-c", START.format(fault=fault, number=number)]
        parent = os.getpid()
        worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log, preexec_fn=lambda: end_with(parent))
        self.processes.append(worker)
        return self.processes[-1]

    def log(self) -> str:
        return "".join(path.read_text() for path in sorted(self.home.logs.glob("stream-*.log")))

    def records(self, topic: str, clinic_id: str) -> list[dict[str, Any]]:
        """Everything in a topic that is about one clinic."""
        read = (json.loads(value) for value in self.values(topic))
        return [record for record in read if record.get("clinic_id", clinic_id) == clinic_id]

    def values(self, topic: str) -> list[bytes]:
        with_names = self.platform.kafka_python()
        consumer = KafkaConsumer(**with_names, auto_offset_reset="earliest", fetch_max_wait_ms=50)
        try:
            partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
            consumer.assign(partitions)
            ends = consumer.end_offsets(partitions)
            found: list[bytes] = []
            while any(consumer.position(partition) < ends[partition] for partition in partitions):
                found += [r.value for records in consumer.poll(1000).values() for r in records]
            return found
        finally:
            consumer.close()

    def passed_on(self, clinic_id: str) -> int:
        """How many receipts the clinic has: one for each event that was decided, and one more for each repeat."""
        return self._length(receipts_topic(clinic_id))

    def written(self, clinic_id: str) -> int:
        """How many records the topic of the clinic's events has had."""
        return self._length(events_topic(clinic_id))

    def _length(self, topic: str) -> int:
        consumer = KafkaConsumer(**self.platform.kafka_python())
        try:
            places = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
            return sum(consumer.end_offsets(places).values())
        finally:
            consumer.close()

    def committed(self, clinic_id: str) -> dict[int, int]:
        """The committed offset of each partition of the clinic that has one."""
        try:
            offsets = self._asking.list_group_offsets(STREAM_GROUP)[STREAM_GROUP]
        except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError):
            return {}  # the broker makes the topic of offsets when the first group asks for it
        topic = events_topic(clinic_id)
        return {place.partition: offset.offset for place, offset in offsets.items() if place.topic == topic}

    def committed_total(self, clinic_id: str) -> int:
        return sum(self.committed(clinic_id).values())

    def remake_topic(self, clinic_id: str) -> None:
        """Delete the topic of the clinic's events, and make it anew."""
        topic = events_topic(clinic_id)
        with self.admin() as admin:
            admin.delete_topics([topic])
            until(lambda: not self.committed(clinic_id))  # the broker forgets the offsets a moment later
            admin.create_topics({topic: {"num_partitions": 4, "replication_factor": 1}})
            admin.wait_for_topics([topic])

    def topic_id(self, clinic_id: str) -> str:
        with self.admin() as admin:
            return str(admin.describe_topics([events_topic(clinic_id)])[0]["topic_id"])


@contextmanager
def network_on(broker: Any, folder: Path) -> Iterator[StreamNetwork]:
    home = Home(folder / "home").create()
    mint_keys(home)
    shutil.copy(platform_credential(broker.home), platform_credential(home))
    network = StreamNetwork(home, Settings(home=home.root, broker_port=broker.settings.broker_port))
    try:
        yield network
    finally:
        network.close()


@pytest.fixture
def network(embedded_broker, tmp_path: Path) -> Iterator[StreamNetwork]:
    with network_on(embedded_broker, tmp_path) as network:
        yield network


@pytest.fixture(scope="module")
def network_of_a_file(broker_of_a_file, tmp_path_factory) -> Iterator[StreamNetwork]:
    with network_on(broker_of_a_file, tmp_path_factory.mktemp("network")) as network:
        yield network
