"""What the stream writes: the records of `network.*` and the receipts that go back to the clinics."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from clinic_events.fields import said
from clinic_events.reasons import Reason

# As a text of RFC 3339 in the records' JSON.
Moment = Annotated[datetime, Meta(extra_json_schema={"format": "date-time"})]


class Origin(msgspec.Struct, frozen=True):
    """The one place in the clinics' topics that a record comes from. A repeat carries the same origin."""

    cluster_id: str
    topic: str
    topic_id: str
    partition: int
    offset: int


class AcceptedEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """In `network.events`: an event that may be counted, without its patient reference.

    `occurred_at` keeps the clinic's own offset; `received_at` is the broker's time in UTC. `data` is what the clinic
    said, as far as the contract knows it; `facts` is what is certain of it, beside it. `source_key` tells the sources
    of one clinic apart, each of which counts for itself. `supersedes` is the id of the event that this one corrects."""

    origin: Origin
    event_id: str
    event_type: str
    schema_version: int
    clinic_id: str
    occurred_at: Moment
    received_at: Moment
    patient_id: str | None
    key_version: int | None
    flags: list[Reason]
    content_hash: str
    normaliser_version: str
    data: msgspec.Raw
    facts: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"{}"))
    recorded_at: Moment | None = None
    source_key: str | None = None
    source_epoch: int | None = None
    source_sequence: int | None = None
    supersedes: str | None = None
    is_test: bool = False
    traceparent: str | None = None


class QuarantinedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """In `network.quarantine`: what was refused and why. The original bytes are sealed, and expire."""

    origin: Origin
    clinic_id: str
    event_id: str | None
    event_type: str | None
    received_at: Moment
    reasons: list[Reason]
    says_serious: bool
    key_version: int
    ciphertext: bytes
    expires_at: Moment


class Alert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """In `network.alerts`: an event, refused or not, that says or implies serious harm."""

    origin: Origin
    clinic_id: str
    event_id: str | None
    event_type: str | None
    kind: Literal["serious_event"]
    received_at: Moment
    quarantined: bool
    traceparent: str | None = None


TopicId = Annotated[str, said("Kafka's own id of the topic: another one after it was made anew.", "3Sc0yWcmTn2")]
Partition = Annotated[int, said("The partition of the clinic's own topic.", 2)]


class Decided(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="decided"):
    """A receipt: what became of the event at this place of the clinic's own topic."""

    topic_id: TopicId
    partition: Partition
    offset: Annotated[int, said("Its place in the partition, as Kafka told the producer.", 4711)]
    event_id: Annotated[str, said("The event's `id`, where it could be read.", "0197a2f4-7c1e")] | None
    verdict: Annotated[
        Literal["accepted", "flagged", "quarantined"],
        said("Accepted and flagged events count; a quarantined one has to be corrected and sent again.", "flagged"),
    ]
    reasons: Annotated[list[Reason], said("All of them.", [{"code": "out_of_range", "path": "/data/value"}])]
    traceparent: (
        Annotated[str, said("The event's own.", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")] | None
    ) = None


class Landed(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="landed"):
    """A receipt: these inclusive ranges of offsets of the clinic's own topic are durable in the network's history."""

    topic_id: TopicId
    partition: Partition
    ranges: Annotated[list[tuple[int, int]], said("First and last offset of each range.", [[4700, 4711]])]


Receipt = Decided | Landed

_receipts = msgspec.json.Decoder(Receipt)
_encoder = msgspec.json.Encoder()


def encode(record: msgspec.Struct) -> bytes:
    return _encoder.encode(record)


def decode_receipt(raw: bytes) -> Receipt:
    """Raises `msgspec.MsgspecError` for bytes that are no receipt."""
    return _receipts.decode(raw)
