"""What a resource needs to know of the bundle around it: who is meant by a reference, and when a day was."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from clinic_publisher.fhir.elements import Elements

_LITERAL = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/.*)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class NotRepresentable(Exception):
    """A resource, or a part of it, cannot become an event: one line of FHIR's own names, without a value."""


@dataclass(frozen=True)
class Draft:
    """An event before it has its id. `part` tells apart several of one resource."""

    type: str
    time: str
    data: dict[str, Any]
    subject: str | None = None
    part: str = ""


@dataclass(frozen=True)
class Context:
    """`named` are kind and own name of the bundle's resources by their full URL; `zone` is where the clinic is."""

    named: Mapping[str, tuple[str, str | None]]
    zone: ZoneInfo | None

    def patient(self, resource: Elements) -> str:
        """The patient reference of a resource's subject. Raises `NotRepresentable`: else nothing is attributed."""
        reference = resource.one("subject").take("reference")
        if reference is None:
            raise NotRepresentable("subject: no reference to a patient")
        if self._resolve(reference) is None:
            raise NotRepresentable("subject: leads to no entry of this bundle")
        if (name := self.referred(resource.one("subject"), "Patient")) is None:
            raise NotRepresentable("subject: leads to nobody who is a patient with an id or identifier")
        return name

    def referred(self, element: Elements, kind: str) -> str | None:
        """The own name of the resource of a kind that an element refers to. One that leads nowhere, or to something
        else, is not taken, and so is told as not represented."""
        found = self._resolve(element.peek("reference"))
        if found is None or found[0] != kind or found[1] is None:
            return None
        element.take("reference")
        element.take("type")
        element.take("display")
        return found[1]

    def _resolve(self, reference: Any) -> tuple[str, str | None] | None:
        if not isinstance(reference, str):
            return None
        if reference in self.named:
            return self.named[reference]
        match = _LITERAL.fullmatch(reference)
        return (match.group(1), match.group(2)) if match else None

    def moment(self, value: Any, element: str) -> str:
        """A time with its zone. Raises `NotRepresentable` where FHIR's text says less."""
        text = str(value)
        if _DAY.fullmatch(text):
            if self.zone is None:
                raise NotRepresentable(f"{element}: only a day; say with --timezone where the clinic is")
            return datetime.combine(date.fromisoformat(text), time(12), self.zone).isoformat()
        if "T" not in text:
            raise NotRepresentable(f"{element}: less than a day")
        return text


def exact(value: Any) -> str | None:
    """A time that is precise beyond the day; a noon that was made up would contradict the times around it."""
    return str(value) if value is not None and "T" in str(value) else None


def name_of(resource: Mapping[str, Any]) -> str | None:
    """What a clinic calls a resource: its id on the clinic's server, else its first identifier."""
    if given := resource.get("id"):
        return str(given)
    identifiers = resource.get("identifier") or []
    identifiers = identifiers if isinstance(identifiers, list) else [identifiers]
    return next((str(each["value"]) for each in identifiers if isinstance(each, dict) and each.get("value")), None)
