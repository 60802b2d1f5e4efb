"""What a file holds, as events of clinics: JSON lines or FHIR of one clinic, or the rows of a table under a mapping."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from clinic_publisher.json_lines import NotSendable, outgoing, read_lines
from clinic_publisher.mapping.inspection import RowRefused
from clinic_publisher.mapping.mapping import Mapping
from clinic_publisher.mapping.rows import FileRow, read_rows
from clinic_publisher.outbox_records import OutgoingEvent
from network_registry.clinics import valid_clinic_id


class UsageError(Exception):
    """What was asked for cannot be done as it was asked. One line."""


@dataclass(frozen=True)
class SourceItem:
    """An event of a clinic and the line that it comes from, or in `refused` why the line gives none.

    Of FHIR the line is the number of the entry, and `left_out` names what of it found no place in an event."""

    line: int
    clinic_id: str | None = None
    event: OutgoingEvent | None = None
    refused: str | None = None
    left_out: tuple[str, ...] = ()


FileFormat = Literal["jsonl", "fhir"]


@dataclass(frozen=True)
class FhirReading:
    """That a file is FHIR; `zone` is where the clinic is, for what is known to the day only."""

    zone: ZoneInfo | None = None


def fhir_reading(file_format: FileFormat, timezone: str | None, mapping: Path | None) -> FhirReading | None:
    """None for another format. Raises `UsageError`."""
    if file_format != "fhir":
        if timezone is not None:
            raise UsageError("--timezone goes with --format fhir (a mapping has a `timezone` of its own)")
        return None
    if mapping is not None:
        raise UsageError("--format fhir has a mapping of its own: leave --mapping out")
    try:
        return FhirReading(ZoneInfo(timezone) if timezone else None)
    except (ValueError, OSError, KeyError):
        raise UsageError("--timezone: no such time zone (an IANA name, such as Europe/Berlin)") from None


def require_clinic(clinic_id: str | None, mapping: Mapping | None) -> None:
    """Raises `UsageError` unless it is clear, once, whose events these are."""
    if clinic_id is not None and not valid_clinic_id(clinic_id):
        raise UsageError(f"not a clinic id (2 to 40 of a-z, 0-9 and -): {clinic_id}")
    if clinic_id is None and (mapping is None or not mapping.names_every_clinic):
        raise UsageError("say with --clinic whose events these are" + (" (the mapping does not)" if mapping else ""))
    if clinic_id is not None and mapping is not None and mapping.names_every_clinic:
        raise UsageError("the mapping names the clinic of every event: leave --clinic out")


def read_source(
    path: Path, clinic_id: str | None, mapping: Mapping | None, fhir: FhirReading | None = None
) -> Iterator[SourceItem]:
    """The events of a file in its order. Raises OSError, and `MappingInvalid` or `UsageError` before the first row."""
    if fhir is not None:
        yield from _fhir_items(path, clinic_id or "", fhir)
        return
    if mapping is None:
        for line in read_lines(path):
            yield SourceItem(line.number, clinic_id, line.event, line.refused)
        return
    for row in read_rows(path, mapping):
        yield from _row_items(row, mapping, clinic_id)


def _row_items(row: FileRow, mapping: Mapping, clinic_id: str | None) -> list[SourceItem]:
    """All events of a row or, where one of them cannot be made, none: a row is never half sent."""
    if row.refused:
        return [SourceItem(row.line, refused=row.refused)]
    try:
        made = list(mapping.events(row.cells, clinic_id))
        return [SourceItem(row.line, one.clinic_id, outgoing(one.body)) for one in made]
    except (RowRefused, NotSendable) as reason:
        return [SourceItem(row.line, refused=str(reason))]


def _fhir_items(path: Path, clinic_id: str, fhir: FhirReading) -> Iterator[SourceItem]:
    # The library takes a while to import, and only this format needs it.
    from clinic_publisher.fhir.bundles import NotFhir, read_fhir

    try:
        for entry in read_fhir(path, clinic_id, fhir.zone):
            left_out = tuple(entry.converted.left_out)
            if entry.refused:
                yield SourceItem(entry.number, refused=entry.refused)
            for number, body in enumerate(entry.converted.bodies):
                yield _fhir_item(entry.number, clinic_id, body, () if number else left_out)
    except NotFhir as reason:
        raise UsageError(f"{path}: {reason}") from None


def _fhir_item(number: int, clinic_id: str, body: bytes, left_out: tuple[str, ...]) -> SourceItem:
    try:
        return SourceItem(number, clinic_id, outgoing(body), left_out=left_out)
    except NotSendable as reason:
        return SourceItem(number, refused=str(reason))
