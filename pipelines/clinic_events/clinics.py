"""What a clinic says of itself, and of what it should have sent."""

from typing import Annotated

from clinic_events.envelope import Day, Record, WholeNumber
from clinic_events.fields import coded, measured, said, text


class ClinicRegistered(Record, frozen=True, kw_only=True):
    """The clinic describes itself; said again when something of it changes."""

    country: Annotated[str, text(2, "ISO 3166-1, two letters.", "DE")] | None = None
    jurisdiction: Annotated[str, text(16, "ISO 3166-2, where licences depend on it.", "US-WA")] | None = None
    timezone: Annotated[str, text(64, "IANA name of its time zone.", "Europe/Berlin")] | None = None
    setting: Annotated[str, coded("settings", "What kind of clinic it is.")] | None = None
    opening_days: list[Annotated[str, coded("weekdays", "A day on which it treats.")]] = []
    treatment_rooms: Annotated[WholeNumber, measured("1", 0, 200, "How many treatments can run at once.", 4)] | None = (
        None
    )


class TypeCount(Record, frozen=True, kw_only=True):
    """How many events of one type a day had."""

    type: Annotated[str, said("A type of event.", "session.completed")]
    events: Annotated[WholeNumber, measured("1", 0, 100_000, "How many the practice system holds for the day.", 23)]


class ClinicManifestDeclared(Record, frozen=True, kw_only=True):
    """What a day held by the practice system's own count, so that what never arrived can be missed."""

    day: Annotated[Day, said("The clinic's local day that is counted.", "2026-03-02")]
    was_open: Annotated[bool, said("Whether the clinic treated on that day.")] | None = None
    counts: Annotated[
        list[TypeCount], said("Events of the day by type; a type that is left out is not counted.", [])
    ] = []
