"""The envelope of every event: CloudEvents 1.0 attributes, with a few extensions of the network's own."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from clinic_events.fields import said, text

# A document may leave an optional field out or say null: both mean "not recorded".
Identifier = Annotated[str, Meta(min_length=1, max_length=64)]
PatientReference = Annotated[
    str, Meta(min_length=1, max_length=128, description="The clinic's own patient reference.", examples=["P-1042"])
]
ZonedTime = Annotated[datetime, Meta(tz=True)]
# Whole numbers that every reader of JSON keeps exactly (RFC 8259, section 6).
WholeNumber = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]
Day = Annotated[date, Meta(description="A day of the clinic's local calendar, YYYY-MM-DD.")]


class Record(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """A part of an event. Unknown fields are not an error for the clinic: `explain` reports and removes them."""


class Envelope(Record, frozen=True, kw_only=True):
    """CloudEvents 1.0 in JSON: `id`, `source`, `specversion`, `type`, `time`, `subject`, `data` are its own names."""

    id: Annotated[Identifier, said("Unique within the clinic, any string of 1 to 64 characters.", "0197a2f4-7c1e")]
    source: Annotated[
        str,
        Meta(min_length=1, max_length=256, description="The practice system that says this.", examples=["practice"]),
    ]
    specversion: Annotated[str, Meta(pattern="^1\\.0$", description="Always 1.0.", examples=["1.0"])]
    type: Annotated[str, said("The kind of event.", "session.completed")]
    time: Annotated[ZonedTime, said("When it happened: RFC 3339, with its UTC offset.", "2026-03-02T09:30:00+01:00")]
    data: msgspec.Raw
    subject: PatientReference | None = None
    clinicid: Annotated[str, said("The clinic; it must be the one whose topic this is.", "north-bridge")] | None = None
    schemaversion: Annotated[WholeNumber, said("The version of the type's contract.", 1)] = 1
    recordedtime: (
        Annotated[ZonedTime, said("When the practice system recorded it.", "2026-03-02T10:05:00+01:00")] | None
    ) = None
    supersedes: (
        Annotated[
            Identifier, said("A correction: the id of the clinic's own event that this one replaces.", "0197a2f4-11")
        ]
        | None
    ) = None
    sourceepoch: (
        Annotated[WholeNumber, said("Raised whenever the source begins to count anew, as after a restore.", 1)] | None
    ) = None
    sourcesequence: (
        Annotated[WholeNumber, said("Counts the source's events within its epoch: a gap shows a loss.", 1207)] | None
    ) = None
    sourceversion: Annotated[str, text(64, "The practice system's own version.", "8.2.1")] | None = None
    testdata: Annotated[bool, said("Not about a real patient: kept, and kept out of every mart.", False)] | None = None
    datacontenttype: Annotated[str, said("Always JSON.", "application/json")] | None = None
    dataschema: (
        Annotated[
            str,
            said(
                "The `$id` of the contract; not read.",
                "https://meridian.example/schemas/events/session.completed.schema.json",
            ),
        ]
        | None
    ) = None
    traceparent: (
        Annotated[str, said("W3C Trace Context.", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")] | None
    ) = None
    tracestate: Annotated[str, said("W3C Trace Context.", "practice=1")] | None = None
