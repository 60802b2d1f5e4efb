"""Two in a hundred events are broken on their way: each kind of break, and the refusal that it must get."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec
import numpy as np

SHARE_BROKEN = 0.02
# A broken credential would look like a lapsed one: those stay whole, so that each plant has one cause.
NEVER_BROKEN = frozenset({"practitioner.credential_recorded"})

# A required field of each type; for a type that requires none of its own, the envelope's.
_REQUIRED = {
    "session.completed": "session_id", "adverse_event.reported": "term", "outcome.recorded": "instrument",
    "treatment_plan.created": "plan_id",
}  # fmt: skip
_MISTYPED = {
    "session.completed": ("needles_inserted", "twelve"), "adverse_event.reported": ("serious", "perhaps"),
    "outcome.recorded": ("value", "much better"), "treatment_plan.created": ("planned_sessions", "ten"),
    "patient.enrolled": ("age_years", "about forty"), "assessment.completed": ("anticoagulants", "no"),
}  # fmt: skip


def _not_json(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def _not_utf8(raw: bytes) -> bytes:
    return raw.replace(b"practice-system", b"praxis-f\xfcr-akupunktur")


def _without(name: str) -> Callable[[bytes], bytes]:
    return lambda raw: _changed(raw, lambda event: event.pop(name))


def _with(name: str, value: object) -> Callable[[bytes], bytes]:
    return lambda raw: _changed(raw, lambda event: event.update({name: value}))


def _time_without_zone(raw: bytes) -> bytes:
    return _changed(raw, lambda event: event.update(time=event["time"][:19]))


def _without_required(raw: bytes) -> bytes:
    def remove(event: dict) -> None:
        required = _REQUIRED.get(event["type"])
        event["data"].pop(required) if required else event.pop("source")

    return _changed(raw, remove)


def _mistyped(raw: bytes) -> bytes:
    def mistype(event: dict) -> None:
        name, value = _MISTYPED[event["type"]]
        event["data"][name] = value

    return _changed(raw, mistype)


def _changed(raw: bytes, change: Callable[[dict], object]) -> bytes:
    event = msgspec.json.decode(raw)
    change(event)
    return msgspec.json.encode(event)


class Break(NamedTuple):
    """A kind of break: what it does to an event's bytes, and the one code that it must be refused with."""

    name: str
    reason: str
    apply: Callable[[bytes], bytes]


BREAKS = (
    Break("cut off in the middle", "unreadable", _not_json),
    Break("another encoding", "unreadable", _not_utf8),
    Break("no id", "missing_field", _without("id")),
    Break("an id of 80 characters", "invalid_id", _with("id", "7" * 80)),
    Break("no time", "missing_field", _without("time")),
    Break("a time that is none", "unreadable_time", _with("time", "last Tuesday")),
    Break("a time without zone", "time_without_zone", _time_without_zone),
    Break("an unknown type", "unknown_type", _with("type", "session.finished")),
    Break("an unknown version", "unknown_version", _with("schemaversion", 99)),
    Break("another clinic's name", "wrong_clinic", _with("clinicid", "somebody-else")),
    Break("no patient", "missing_patient", _without("subject")),
    Break("no required field", "missing_field", _without_required),
    Break("a word for a number", "wrong_type", _mistyped),
)


def choose_broken(event_types: list[str], random: np.random.Generator) -> dict[int, Break]:
    """Which positions break, and how: two in a hundred, every kind equally often."""
    eligible = [position for position, name in enumerate(event_types) if name not in NEVER_BROKEN]
    chosen = random.choice(eligible, round(SHARE_BROKEN * len(event_types)), replace=False)
    return {int(position): BREAKS[number % len(BREAKS)] for number, position in enumerate(chosen)}
