"""The envelope of every event: CloudEvents 1.0 attributes, with a few extensions of the network's own."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

# A document may leave an optional field out or say null: both mean "not recorded".
Identifier = Annotated[str, Meta(min_length=1, max_length=64)]
PatientReference = Annotated[str, Meta(min_length=1, max_length=128, description="The clinic's own patient reference.")]
Code = Annotated[str, Meta(max_length=64)]
ZonedTime = Annotated[datetime, Meta(tz=True, description="RFC 3339, with its UTC offset.")]
# Whole numbers that every reader of JSON keeps exactly (RFC 8259, section 6).
WholeNumber = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]
Day = Annotated[date, Meta(description="A day of the clinic's local calendar, YYYY-MM-DD.")]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of an event. Unknown fields are not an error for the clinic: `explain` reports and removes them."""


class Envelope(Record, frozen=True, kw_only=True):
    """CloudEvents 1.0 in JSON: `id`, `source`, `specversion`, `type`, `time`, `subject`, `data` are its own names."""

    id: Annotated[Identifier, Meta(description="Unique within the clinic, any string of 1 to 64 characters.")]
    source: Annotated[str, Meta(min_length=1, max_length=256, description="The practice system that says this.")]
    specversion: Annotated[str, Meta(pattern="^1\\.0$", description="Always 1.0.")]
    type: Annotated[str, Meta(description="The kind of event, for instance session.completed.")]
    time: Annotated[ZonedTime, Meta(description="When it happened, with the clinic's UTC offset.")]
    data: msgspec.Raw
    subject: PatientReference | None = None
    clinicid: Annotated[str, Meta(description="The clinic; it must be the one whose topic this is.")] | None = None
    schemaversion: Annotated[WholeNumber, Meta(description="The version of the type's contract.")] = 1
    recordedtime: Annotated[ZonedTime, Meta(description="When the practice system recorded it.")] | None = None
    datacontenttype: Annotated[str, Meta(description="application/json")] | None = None
    dataschema: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None
