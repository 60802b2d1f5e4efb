"""Read FHIR R4 from a file: a Bundle, or one resource or Bundle a line. Importing this module imports fhir.resources.

The library's R4B models are used: R4B (4.3.0) left the eight resources of this door as they are in R4 (4.0.1).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
    """One resource by its number in the file, from 1. `full_url` is what others in its bundle may refer to it by."""

    number: int
    resource: Any
    full_url: str | None = None
    said_at: str | None = None


@dataclass(frozen=True)
class ConvertedEntry:
    """What became of an entry; `refused` says why it gave no event at all."""

    number: int
    converted: Converted
    refused: str | None = None


def read_fhir(path: Path, clinic_id: str, zone: ZoneInfo | None) -> Iterator[ConvertedEntry]:
    """Every resource of a file, in its order. Raises OSError, and `NotFhir` before the first."""
    entries = list(_entries(_documents(path.read_bytes())))
    if not entries:
        raise NotFhir("no resource in it")
    context = Context({entry.full_url: name_of(entry.resource) for entry in entries if entry.full_url}, zone)
    for entry in entries:
        try:
            yield ConvertedEntry(entry.number, convert(_valid(entry.resource), clinic_id, entry.said_at, context))
        except NotRepresentable as reason:
            yield ConvertedEntry(entry.number, Converted([], []), str(reason))


def _documents(raw: bytes) -> list[Any]:
    text = raw.decode("utf-8-sig", errors="replace")
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        raise NotFhir("neither JSON nor one JSON document a line") from None


def _entries(documents: Iterable[Any]) -> Iterator[Entry]:
    number = 0
    for document in documents:
        for full_url, resource, said_at in _resources(document):
            number += 1
            yield Entry(number, resource if isinstance(resource, dict) else {}, full_url, said_at)


def _resources(document: Any) -> Iterator[tuple[str | None, Any, str | None]]:
    if not isinstance(document, dict) or document.get("resourceType") != "Bundle":
        yield None, document, None
        return
    entries, said_at = document.get("entry"), document.get("timestamp")
    for entry in entries if isinstance(entries, list) else []:
        full_url = entry.get("fullUrl") if isinstance(entry, dict) else None
        resource = entry.get("resource") if isinstance(entry, dict) else None
        yield full_url if isinstance(full_url, str) else None, resource, said_at if isinstance(said_at, str) else None


def _valid(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource as the library reads and writes it. Raises `NotRepresentable`."""
    kind = resource.get("resourceType")
    if kind not in CONVERTERS:
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
