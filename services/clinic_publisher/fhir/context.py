"""What a resource needs to know of the bundle around it: who is meant by a reference, and when a day was."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

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
    """`names` are the own names of the bundle's resources by their full URL; `zone` is where the clinic is."""

    names: Mapping[str, str | None]
    zone: ZoneInfo | None

    def named(self, reference: str | None, element: str) -> str | None:
        """The own name of the resource that is referred to; None without a reference. Raises `NotRepresentable` for
        one that leads nowhere."""
        if reference is None:
            return None
        if reference in self.names:
            if name := self.names[reference]:
                return name
            raise NotRepresentable(f"{element}: leads to a resource without id and identifier")
        if match := _LITERAL.fullmatch(reference):
            return match.group(2)
        raise NotRepresentable(f"{element}: leads to no entry of this bundle")

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


def name_of(resource: Mapping[str, Any]) -> str | None:
    """What a clinic calls a resource: its id on the clinic's server, else its first identifier."""
    if given := resource.get("id"):
        return str(given)
    identifiers = resource.get("identifier") or []
    identifiers = identifiers if isinstance(identifiers, list) else [identifiers]
    return next((str(each["value"]) for each in identifiers if isinstance(each, dict) and each.get("value")), None)
