"""Read FHIR R4 from a file: a Bundle, or one resource or Bundle a line. Importing this module imports fhir.resources.

The library's R4B models are used: R4B (4.3.0) left the eight resources of this door as they are in R4 (4.0.1).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from clinic_publisher.fhir.context import Context, NotRepresentable, name_of
from clinic_publisher.fhir.resources import CONVERTERS, Converted, convert


class NotFhir(Exception):
    """The file as a whole is no FHIR. One line, without anything that stood in it."""


@dataclass(frozen=True)
class Entry:
    """One resource by its number in the file, from 1; `unread` says why a line gives none. `full_url` is what others in
    its bundle may refer to it by, `said_at` when the bundle was made."""

    number: int
    resource: dict[str, Any]
    full_url: str | None = None
    said_at: str | None = None
    unread: str | None = None


@dataclass(frozen=True)
class ConvertedEntry:
    """What became of an entry; `refused` says why it gave no event at all."""

    number: int
    converted: Converted
    refused: str | None = None


def read_fhir(path: Path, clinic_id: str, zone: ZoneInfo | None) -> Iterator[ConvertedEntry]:
    """Every resource of a file, in its order. Raises OSError, and `NotFhir` before the first."""
    entries = list(_entries(path.read_bytes()))
    if all(entry.unread for entry in entries):
        raise NotFhir("no FHIR in it: neither a JSON document nor one a line")
    named = {
        entry.full_url: (str(entry.resource.get("resourceType")), name_of(entry.resource))
        for entry in entries
        if entry.full_url
    }
    context = Context(named, zone)
    for entry in entries:
        try:
            yield ConvertedEntry(entry.number, convert(_valid(entry), clinic_id, entry.said_at, context))
        except NotRepresentable as reason:
            yield ConvertedEntry(entry.number, Converted([], []), str(reason))


def _entries(raw: bytes) -> Iterator[Entry]:
    number = 0
    for document, unread in _documents(raw.removeprefix(b"\xef\xbb\xbf")):
        for full_url, resource, said_at in _resources(document):
            number += 1
            found = resource if isinstance(resource, dict) else {}
            yield Entry(number, found, full_url, said_at, unread)


def _documents(raw: bytes) -> Iterator[tuple[Any, str | None]]:
    """The one document of a file, or one a line, with what is wrong with a line."""
    whole = _parsed(raw)
    if whole[1] is None:
        yield whole
        return
    for line in raw.split(b"\n"):
        if line.strip():
            yield _parsed(line)


def _parsed(raw: bytes) -> tuple[Any, str | None]:
    try:
        return json.loads(raw.decode("utf-8")), None
    except UnicodeDecodeError:
        return None, "not UTF-8"
    except (ValueError, RecursionError):
        return None, "not JSON"


def _resources(document: Any) -> Iterator[tuple[str | None, Any, str | None]]:
    if not isinstance(document, dict) or document.get("resourceType") != "Bundle":
        yield None, document, None
        return
    entries, said_at = document.get("entry", []), _moment(document.get("timestamp"))
    if not isinstance(entries, list):
        yield None, None, None
        return
    for entry in entries:
        full_url = entry.get("fullUrl") if isinstance(entry, dict) else None
        resource = entry.get("resource") if isinstance(entry, dict) else None
        yield full_url if isinstance(full_url, str) else None, resource, said_at


def _moment(value: Any) -> str | None:
    """The bundle's own time, where it is one with its offset."""
    try:
        return value if datetime.fromisoformat(value).tzinfo is not None else None
    except (ValueError, TypeError):
        return None


def _valid(entry: Entry) -> dict[str, Any]:
    """The resource as the library reads and writes it. Raises `NotRepresentable`."""
    if entry.unread:
        raise NotRepresentable(entry.unread)
    resource, kind = entry.resource, entry.resource.get("resourceType")
    if not isinstance(kind, str) or kind not in CONVERTERS:
        raise NotRepresentable(f"not one of {', '.join(CONVERTERS)}")
    try:
        model = get_fhir_model_class(kind).model_validate(resource)
        return json.loads(model.model_dump_json())
    except ValidationError as invalid:
        raise NotRepresentable(f"not valid FHIR: {_where(invalid, kind)}") from None
    except (ValueError, TypeError, RecursionError, OverflowError):
        raise NotRepresentable(f"not valid FHIR: {kind}") from None


def _where(invalid: ValidationError, kind: str) -> str:
    """The elements that are wrong, by FHIR's own names: an unknown key may be anything, and is not repeated."""
    known = set(get_fhir_model_class(kind).model_fields)
    names = {str(error["loc"][0]) for error in invalid.errors(include_url=False, include_input=False) if error["loc"]}
    told = sorted(f"{kind}.{name}" for name in names & known)
    return ", ".join([*told, *(["an element that FHIR does not know"] if names - known else [])]) or kind
