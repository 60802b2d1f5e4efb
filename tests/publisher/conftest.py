"""Tables, mappings and outboxes for the tests of the clinic's side, and the platform's side of a conversation."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import TopicPartition

from clinic_events.network_records import Decided, Landed, encode
from clinic_events.reasons import Reason
from clinic_publisher.broker_access import look
from clinic_publisher.fhir.bundles import ConvertedEntry, read_fhir
from clinic_publisher.mapping.mapping import Mapping, load_mapping
from clinic_publisher.outbox import Outbox
from clinic_publisher.sources import SourceItem, read_source
from network_registry.connections import Connection
from network_registry.topics import events_topic, receipts_topic

from .fhir_resources import BERLIN

SCORE = {"type": "outcome.recorded", "data": {"instrument": "nrs_pain", "value": {"column": "score"}}}
BASE = {
    "mapping": "scores",
    "row_key": "id",
    "clinic": "clinic-a",
    "patient": {"column": "id"},
    "time": "2026-01-05T09:00:00+00:00",
}


def event(event_id: str, patient: str = "p1", **data: Any) -> bytes:
    """An event of a clinic that the platform accepts."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": event_id,
            "source": "/tests",
            "type": "outcome.recorded",
            "time": "2026-01-05T09:00:00+00:00",
            "subject": patient,
            "data": {"instrument": "nrs_pain", "value": 3, **data},
        }
    ).encode()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with closing(Outbox(tmp_path / "outbox" / "clinic-a.sqlite")) as box:
        yield box


@pytest.fixture
def write_mapping(tmp_path: Path) -> Callable[..., Path]:
    """Write a complete mapping with what is given in it; None leaves a keyword out."""

    def write(events: list | None = None, **top: Any) -> Path:
        path = tmp_path / "mapping.yaml"
        whole = {**BASE, "events": [SCORE] if events is None else events, **top}
        path.write_text(yaml.safe_dump({key: value for key, value in whole.items() if value is not None}))
        return path

    return write


@pytest.fixture
def mapped(tmp_path: Path, write_mapping: Callable[..., Path]) -> Callable[..., list[SourceItem]]:
    """The items that a table gives under a mapping."""

    def read(
        table: str | bytes, events: list | None = None, own_clinic: str | None = None, **top: Any
    ) -> list[SourceItem]:
        mapping: Mapping = load_mapping(write_mapping(events, **top))
        path = tmp_path / "table.csv"
        path.write_bytes(table if isinstance(table, bytes) else table.encode())
        return list(read_source(path, own_clinic, mapping))

    return read


class PlatformSide:
    """Answers what clinics publish, as stream and lander do: a verdict for every event, and then its landing."""

    def __init__(self, connection: Connection):
        self.connection = connection

    def records(self, clinic_id: str) -> list[tuple[int, int, bytes]]:
        """Partition, offset and bytes of everything in the clinic's topic."""
        consumer: Any = KafkaConsumer(**self.connection.kafka_python(), auto_offset_reset="earliest")
        try:
            places = [TopicPartition(events_topic(clinic_id), partition) for partition in range(4)]
            consumer.assign(places)
            consumer.seek_to_beginning()
            ends, found = consumer.end_offsets(places), []
            while any(consumer.position(place) < ends[place] for place in places):
                for records in consumer.poll(timeout_ms=200).values():
                    found += [(record.partition, record.offset, record.value) for record in records]
            return found
        finally:
            consumer.close()

    def answer(self, clinic_id: str, quarantine: Callable[[bytes], bool] = lambda body: False) -> None:
        """Send a receipt for every record, and a landing of all of them."""
        topic_id = look(self.connection, clinic_id).events_topic_id
        records = self.records(clinic_id)
        receipts: list[Any] = [_decided(topic_id, *record, quarantine(record[2])) for record in records]
        receipts += [Landed(topic_id=topic_id, partition=p, ranges=[(offset, offset)]) for p, offset, _ in records]
        self.send(clinic_id, [encode(receipt) for receipt in receipts])

    def send(self, clinic_id: str, receipts: list[bytes]) -> None:
        producer: Any = KafkaProducer(**self.connection.kafka_python())
        for receipt in receipts:
            producer.send(receipts_topic(clinic_id), receipt)
        producer.flush()
        producer.close()


def _decided(topic_id: str, partition: int, offset: int, body: bytes, refused: bool) -> Decided:
    verdict, reasons = ("quarantined", [Reason("missing_patient", "/subject")]) if refused else ("accepted", [])
    return Decided(
        topic_id=topic_id, partition=partition, offset=offset, event_id=None, verdict=verdict, reasons=reasons
    )


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[ConvertedEntry]]:
    """What becomes of a document, or of several, one a line."""

    def converted(*documents: Any, zone: ZoneInfo | None = BERLIN) -> list[ConvertedEntry]:
        path = tmp_path / "fhir.json"
        path.write_text("\n".join(json.dumps(document) for document in documents))
        return list(read_fhir(path, "north-bridge", zone))

    return converted
