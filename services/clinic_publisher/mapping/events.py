"""One event that a mapping makes of a row: its attributes, its stable id, its bytes."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from clinic_events.catalogue import EVENT_TYPES
from clinic_publisher.mapping.conditions import Condition, compile_condition
from clinic_publisher.mapping.fields import compile_fields
from clinic_publisher.mapping.inspection import Inspection, RowRefused
from clinic_publisher.mapping.kinds import Kind
from clinic_publisher.mapping.row import Row, Value
from clinic_publisher.mapping.values import compile_value

ATTRIBUTES = ("clinic", "patient", "time")
KEYS = ("name", "type", "when", *ATTRIBUTES, "data")
# The root of all ids that mappings make. A change would make every mapped event a new one.
_NAMESPACE = uuid.UUID("5b1c6f0e-4c53-5d0b-9d0a-6d6572696469")
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True)
class MappedEvent:
    clinic_id: str
    event_id: str
    body: bytes


@dataclass(frozen=True)
class EventRule:
    """How one entry of `events` makes an event. `clinic` is None when every row is of the clinic that publishes."""

    name: str
    type: str
    applies: Condition
    clinic: Value | None
    patient: Value | None
    time: Value
    data: Callable[[Row], dict[str, Any]]


def compile_event(node: Any, defaults: dict[str, Any], place: str, inspection: Inspection) -> EventRule | None:
    """An entry of `events`; what it does not say of clinic, patient and time it has from the mapping's top."""
    if not isinstance(node, dict) or node.get("type") not in EVENT_TYPES:
        inspection.problem(place, f"an event has a `type` (known: {', '.join(EVENT_TYPES)})")
        return None
    inspection.known_keys(place, node, KEYS)
    kind = EVENT_TYPES[node["type"]]
    named = {**defaults, **{key: node[key] for key in ATTRIBUTES if key in node}}
    wanted = ["time", *(["patient"] if kind.about_patient else [])]
    for attribute in wanted:
        if attribute not in named:
            inspection.problem(place, f"`{attribute}` is missing, here and at the top of the mapping")
    values = {
        key: compile_value(named[key], Kind.DATETIME if key == "time" else Kind.TEXT, f"{place}.{key}", inspection)
        for key in (*wanted, "clinic")
        if key in named
    }
    return EventRule(
        name=str(node.get("name", kind.name)),
        type=kind.name,
        applies=compile_condition(node.get("when", []), f"{place}.when", inspection),
        clinic=values.get("clinic"),
        patient=values.get("patient"),
        time=values.get("time", lambda row: None),
        data=compile_fields(node.get("data"), kind.data, f"{place}.data", inspection),
    )


def make_event(rule: EventRule, row: Row, identity: list[str], source: str, own_clinic: str | None) -> MappedEvent:
    """The event of a row, the same bytes every time. Raises `RowRefused` when clinic, patient or time is empty."""
    clinic = _present(rule.clinic(row), rule, "clinic") if rule.clinic else own_clinic or ""
    event_id = str(uuid.uuid5(_NAMESPACE, _encoder.encode([*identity, rule.name, rule.type]).decode()))
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": rule.type,
        "time": _present(rule.time(row), rule, "time"),
        "clinicid": clinic,
        **({"subject": _present(rule.patient(row), rule, "patient")} if rule.patient else {}),
        "data": rule.data(row),
    }
    return MappedEvent(clinic, event_id, _encoder.encode(event))


def _present(value: Any, rule: EventRule, attribute: str) -> Any:
    if value is None:
        raise RowRefused(f"events.{rule.name}.{attribute}: empty in this row")
    return value
