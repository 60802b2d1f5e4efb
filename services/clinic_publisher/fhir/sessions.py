"""Procedure -> session.completed. FHIR has no place for needles: they come in extensions of the network's own."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from clinic_events.envelope import Record
from clinic_events.sessions import Needle, SessionCompleted
from clinic_publisher.fhir.codes import ACUPUNCTURE_CPT, CPT, ELECTRICAL, codings, says_acupuncture
from clinic_publisher.fhir.context import Context, Draft, NotRepresentable, exact
from clinic_publisher.fhir.elements import Elements
from clinic_publisher.fhir.people import present

STRUCTURES = "https://meridian.example/fhir/StructureDefinition/"
_VALUES = ("valueString", "valueCode", "valueDecimal", "valueInteger", "valueBoolean")


def procedure_events(procedure: Elements, name: str, _: str | None, context: Context) -> Iterator[Draft]:
    if procedure.take("status") != "completed":
        raise NotRepresentable("Procedure.status: not completed")
    electrical = _acupuncture(procedure.one("code"))
    subject = context.patient(procedure)
    moment, timing = _timing(procedure, context)
    data = {
        "session_id": name,
        "practitioner_id": context.referred(procedure.one("performer").one("actor"), "Practitioner"),
        "plan_id": context.referred(procedure.one("basedOn"), "CarePlan"),
        "techniques": ["electroacupuncture"] if electrical else None,
        **timing,
        **_extended(procedure),
    }
    yield Draft("session.completed", moment, present(data), subject)


def _acupuncture(code: Elements) -> bool:
    """Whether it was electrical. A code counts by CPT, or when its words say acupuncture."""
    given = codings(code)
    cpt = [code for system, code, _ in given if system == CPT and code in ACUPUNCTURE_CPT]
    words = [display for _, _, display in given]
    if not cpt and not says_acupuncture(words):
        raise NotRepresentable("Procedure.code: not known to be acupuncture")
    return any(ACUPUNCTURE_CPT[code] for code in cpt) or any(ELECTRICAL.search(word) for word in words)


def _timing(procedure: Elements, context: Context) -> tuple[str, dict[str, Any]]:
    if when := procedure.take("performedDateTime"):
        return context.moment(when, "Procedure.performedDateTime"), {}
    period = procedure.one("performedPeriod")
    start = period.take("start")
    if start is None:
        raise NotRepresentable("Procedure: no time (performedDateTime or performedPeriod.start)")
    moment, began, ended = (
        context.moment(start, "Procedure.performedPeriod.start"),
        exact(start),
        exact(period.peek("end")),
    )
    if began is None or ended is None:
        return moment, {"started_at": began}
    period.take("end")
    minutes = (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds() / 60
    return moment, {"started_at": began, "ended_at": ended, "duration_min": minutes if minutes >= 0 else None}


def _extended(procedure: Elements) -> dict[str, Any]:
    """What the network's extensions say: one `needle` each, and one `session` for the fields of the session itself."""
    data: dict[str, Any] = {}
    needles = [
        _fields(extension, Needle)
        for extension in procedure.all("extension")
        if extension.peek("url") == f"{STRUCTURES}needle" and extension.take("url")
    ]
    for extension in procedure.all("extension"):
        if extension.peek("url") == f"{STRUCTURES}session":
            extension.take("url")
            data |= _fields(extension, SessionCompleted)
    return data | ({"needles": needles} if needles else {})


def _fields(extension: Elements, record: type[Record]) -> dict[str, Any]:
    """The sub-extensions whose address is the name of a field; one that repeats is a list."""
    lists = {field.name for field in msgspec.structs.fields(record) if field.default_factory is list}
    data: dict[str, Any] = {}
    for inner in extension.all("extension"):
        name = inner.peek("url")
        # Of a part that is said twice the second is left over, unless the field is a list.
        if (
            name in record.__struct_fields__
            and (name in lists or name not in data)
            and (found := inner.first(*_VALUES))
        ):
            inner.take("url")
            data[name] = [*data.get(name, []), found[1]] if name in lists else found[1]
    return data
