"""The 18 kinds of identifier that HIPAA names (45 CFR 164.514), sent through every field: none comes out anywhere.

Looked for in all that the platform keeps and says: segments, registry, releases and builds that failed with their dbt
targets and Data Docs, logs, metrics, the dashboard, the network's topics and the receipts. Not in the clinic's own
topic, where events lie for thirty days as they were sent.
"""

import copy
import json
import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from clinic_events.resources import bundled
from network_registry.connections import platform_connection
from network_registry.home import Home
from network_registry.settings import load_settings
from network_registry.topics import NETWORK_TOPICS, events_topic, receipts_topic
from warehouse_releases.lake_faults import Fault, record_fault
from warehouse_releases.segments import Source

from .platform import found, in_text, meridian, process_id, wait_for

pytestmark = pytest.mark.timeout(600)

CLINIC = "south-gate"
# What cannot be taken for one word of a machine's.
RECOGNISABLE = {
    "name": "Wilhelmina Quillfeather",
    "place": "17 Larchmere Lane",
    "date": "1951-02-03",
    "telephone": "+1-202-555-0142",
    "fax": "(202) 555-0199",
    "mail": "quillfeather@example.org",
    "social security": "078-05-1120",
    "web": "https://example.org/quillfeather",
    "computer": "203.0.113.77",
    "photograph": "face of Quillfeather.jpg",
    "biometric": "left thumb 7Q2Z",
}
OPAQUE = {
    "record": "MRN-7731-QUILLFEATHER",
    "health plan": "HPB-99417-QUILLFEATHER",
    "account": "ACCT-55102-QUILLFEATHER",
    "licence": "LIC-20887-QUILLFEATHER",
    "vehicle": "1M8GDM9AXKP042788",
    "device": "SN-QUILLFEATHER-0007",
    "other": "ZX81-QUILLFEATHER",
}
CANARIES = RECOGNISABLE | OPAQUE

# What a contract keeps as it is: identifiers of the clinic's own that link events, and names that others keep a
# register of. There an identifier of a patient cannot be told from what belongs there.
REGISTERED = {
    "lot", "manufacturer", "form_version", "instrument_version", "issuer", "jurisdiction", "timezone", "arm",
}  # fmt: skip
LINKING = {"id", "supersedes", "session_id", "practitioner_id", "episode_id", "plan_id", "case_id", "event_id"}


def examples() -> Iterator[dict[str, Any]]:
    """Of each type the valid example that says most, with every attribute."""
    for folder in sorted(bundled("schemas").joinpath("examples").iterdir()):
        said = max((path.read_text() for path in folder.glob("valid/*.json")), key=len)
        names = ("subject", "supersedes", "traceparent", "tracestate", "sourceversion", "dataschema", "clinicid")
        yield dict.fromkeys(names, "") | json.loads(said) | {"clinicid": CLINIC}


def places(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """Every value of a document, and in each object a field that no contract knows."""
    if isinstance(value, dict):
        yield (*path, None)
        for name, inner in value.items():
            yield from places(inner, (*path, name))
    elif isinstance(value, list):
        for position, inner in enumerate(value[:1]):
            yield from places(inner, (*path, position))
    else:
        yield path


def with_canary(example: dict[str, Any], path: tuple, canary: str) -> dict[str, Any]:
    event = copy.deepcopy(example)
    place = event
    for step in path[:-1]:
        place = place[step]
    if path[-1] is None:
        place[canary] = canary
    else:
        place[path[-1]] = canary
    return event


def is_kept(example: dict[str, Any], path: tuple, kind: str) -> bool:
    """Whether the contract keeps what stands there as it is."""
    name = next((step for step in reversed(path) if isinstance(step, str)), None)
    if kind in RECOGNISABLE and name in LINKING:
        return False
    is_day = kind == "date" and name is not None and name.endswith(("_on", "_from", "_until", "_to", "date", "day"))
    return name in LINKING | REGISTERED or is_day or path[-2:] == ("study", "id")


def canary_events() -> Iterator[bytes]:
    number = 0
    for example in examples():
        for path in places(example):
            for kind, canary in CANARIES.items():
                if is_kept(example, path, kind):
                    continue
                number += 1
                event = with_canary(example, path, canary)
                if path != ("id",):
                    event["id"] = f"canary-{number}"
                yield json.dumps(event).encode()
    # No event at all, but the text.
    yield from (canary.encode() for canary in CANARIES.values())


@pytest.fixture(scope="module")
def settings(platform_home: Home):
    return load_settings(platform_home.root)


@pytest.fixture(scope="module")
def sent(platform_home: Home, settings) -> int:
    """How many events came, keyed with and in headers with canaries, into a platform that was hurt meanwhile."""
    assert meridian(platform_home, "clinic", "add", CLINIC).returncode == 0
    connection = platform_connection(platform_home, settings).kafka_python()
    producer, canaries = KafkaProducer(**connection, linger_ms=20, batch_size=2**17), list(CANARIES.values())
    sending = []
    for number, event in enumerate(canary_events()):
        canary = canaries[number % len(canaries)].encode()
        headers = [(canary.decode(), canary), ("traceparent", canary)]
        sending.append(producer.send(events_topic(CLINIC), event, key=canary, headers=headers))
        if number == 500:
            producer.flush()
            os.kill(wait_for(lambda: process_id(platform_home, "stream"), "a worker"), signal.SIGABRT)
    producer.flush()
    producer.close()
    assert all(each.succeeded() for each in sending)
    return len(sending)


def test_no_identifier_comes_out_of_the_platform(platform_home, settings, sent) -> None:
    home, canaries = platform_home, list(CANARIES.values())
    assert sent > 3000
    built = meridian(home, "build")
    assert built.returncode == 0, built.stderr
    failed = build_that_fails(home)
    commands = [meridian(home, *command) for command in (("status",), ("quarantine", "list"), ("releases",))]
    told = "".join(done.stdout + done.stderr for done in (built, failed, *commands))
    assert in_text(told, canaries) == []
    for page in ("", "status.json", "metrics"):
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.dashboard_port}/{page}") as answer:
            assert in_text(answer.read().decode(), canaries) == [], page
    for topic in (*NETWORK_TOPICS, receipts_topic(CLINIC)):
        records = "\n".join(records_of(home, settings, topic))
        assert in_text(records, canaries) == [], topic
        assert topic == "network.alerts" or "canary-" in records
    assert found(home, canaries) == []
    assert found(home, ["canary-17"]), "the search finds what is there"
    assert not list(Path.cwd().glob("core*"))


def build_that_fails(home: Home):
    """A build whose audit is red: kept for study with all that it left."""
    source = Source("network.events", "cluster", "topic", 0)
    record_fault(home.lake, Fault("unexplained", source, ((0, 1),)))
    failed = meridian(home, "build")
    for file in (home.lake / "faults").rglob("*.json"):
        file.unlink()
    assert failed.returncode == 1
    return failed


def records_of(home: Home, settings, topic: str) -> Iterator[str]:
    """Keys, headers and values; ciphertext is left out, of which a chance is not a leak."""
    consumer = KafkaConsumer(**platform_connection(home, settings).kafka_python(), auto_offset_reset="earliest")
    try:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            for records in consumer.poll(1000).values():
                for record in records:
                    value = json.loads(record.value)
                    value.pop("ciphertext", None)
                    yield f"{record.key} {record.headers} {json.dumps(value, ensure_ascii=False)}"
    finally:
        consumer.close()
