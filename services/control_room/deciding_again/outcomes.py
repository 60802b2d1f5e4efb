"""What became of an event then, what becomes of it today, and what follows from the difference. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from clinic_events.reasons import Reason
from network_registry.topics import ALERTS, EVENTS, QUARANTINE
from session_stream.decide import Output

Kind = Literal["accepted", "quarantined", "erased"]
# unchanged  as the lake has it
# healed     was quarantined, is accepted today
# changed    accepted or quarantined as before, with other facts, flags or reasons
# restored   the lake held nothing of it
# kept       was accepted, and would be refused today: what has counted goes on counting
Change = Literal["unchanged", "healed", "changed", "restored", "kept"]


class _Said(msgspec.Struct, frozen=True):
    """Of an output, what tells two decisions about one event apart."""

    content_hash: str = ""
    normaliser_version: str = ""
    facts: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"{}"))
    flags: list[Reason] = []
    reasons: list[Reason] = []


_said = msgspec.json.Decoder(_Said)


@dataclass(frozen=True)
class Outcome:
    """`digest` is of what was said: content and flags of an accepted event, reasons of a refused one."""

    kind: Kind
    digest: int
    alerted: bool


def outcome_of(outputs: Iterable[Output]) -> Outcome:
    """The outcome of one event, from all of its outputs."""
    by_topic = {output.topic: output.value for output in outputs}
    if (value := by_topic.get(EVENTS)) is not None:
        said = _said.decode(value)
        content = (said.content_hash, said.normaliser_version, bytes(said.facts).decode())
        return Outcome("accepted", digest("\n".join((*content, *_lines(said.flags)))), ALERTS in by_topic)
    said = _said.decode(by_topic[QUARANTINE])
    return Outcome("quarantined", digest("\n".join(_lines(said.reasons))), ALERTS in by_topic)


def change_of(held: Outcome | None, today: Outcome) -> Change:
    if held is None:
        return "restored"
    if today.kind == "quarantined" and held.kind != "quarantined":
        return "unchanged" if held.kind == "erased" else "kept"
    if held.kind == "quarantined" and today.kind == "accepted":
        return "healed"
    is_same = held.digest == today.digest or held.kind == "erased"
    return "unchanged" if is_same and held.alerted >= today.alerted else "changed"


def to_send(change: Change, outputs: Sequence[Output], held: Outcome | None) -> list[Output]:
    """What of an event's outputs is passed on: nobody is alerted a second time."""
    if change in ("unchanged", "kept"):
        return []
    return [output for output in outputs if output.topic != ALERTS or held is None or not held.alerted]


def digest(text: str) -> int:
    """64 bits, as DuckDB's `md5_number_lower` gives them."""
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest()[8:], "little")


def _lines(reasons: Iterable[Reason]) -> list[str]:
    return [f"{reason.code} {reason.path}" for reason in reasons]
