"""A kit to test another implementation by: events by the line, and the platform's verdict on each of them."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.publishing.conformance_cases import CASES
from clinic_events.publishing.examples import Sort, example_paths
from clinic_events.reasons import Reason
from clinic_events.verdicts import judge

CLINIC = "north-bridge"
VERDICTS = "verdicts.json"

# Any day between the events and the ones that are dated far ahead: the verdicts do not depend on the clock.
_RECEIVED = datetime(2026, 9, 1, tzinfo=UTC)
_UNSENDABLE = {"unreadable", "too_large"}
_OWN_FILE = {
    "session.completed": "sessions",
    "adverse_event.reported": "adverse_events",
    "adverse_event.followed_up": "adverse_events",
}
_SORTS: dict[Sort, str] = {"valid": "accepted", "flagged": "flagged", "invalid": "refused"}


def rendered_kit() -> Iterator[tuple[str, bytes]]:
    """File name and content of each file in `schemas/conformance/` but its README."""
    files = kit_lines()
    for name, lines in files.items():
        yield f"{name}.jsonl", b"".join(line + b"\n" for line in lines)
    yield VERDICTS, _rendered_verdicts({f"{name}.jsonl": lines for name, lines in files.items()}).encode()


def kit_lines() -> dict[str, list[bytes]]:
    """The lines of each file, by its name without ending: every example, and the cases that are made for it."""
    lines: dict[str, list[bytes]] = defaultdict(list)
    for event_type in EVENT_TYPES:
        for sort, path in _examples(event_type):
            name = _SORTS[sort] if sort == "valid" else _OWN_FILE.get(event_type, _SORTS[sort])
            lines["unreadable" if path.stem == "unreadable" else name].append(_one_line(path))
    for name, cases in CASES.items():
        lines[name] += cases()
    return dict(sorted(lines.items()))


def _examples(event_type: str) -> Iterator[tuple[Sort, Path]]:
    for sort in _SORTS:
        for path in example_paths(event_type, sort):
            yield sort, path


def _one_line(path: Path) -> bytes:
    return " ".join(path.read_text().split()).encode()


def _rendered_verdicts(files: dict[str, list[bytes]]) -> str:
    """JSON with one line for each event, so that a change of one verdict is a change of one line."""
    parts = ",\n".join(f"{json.dumps(name)}: {_rendered_file(lines)}" for name, lines in files.items())
    return f"{{\n{parts}\n}}\n"


def _rendered_file(lines: list[bytes]) -> str:
    verdicts = [(number, judge(line, CLINIC, _RECEIVED)) for number, line in enumerate(lines, start=1)]
    refused = [number for number, verdict in verdicts if {reason.code for reason in verdict.reasons} & _UNSENDABLE]
    events = [
        {"line": number, "verdict": verdict.status, "reasons": [_reason(reason) for reason in verdict.reasons]}
        for number, verdict in verdicts
        if number not in refused
    ]
    listed = "".join(f"\n{json.dumps(event)}," for event in events).removesuffix(",")
    return f'{{"events": [{listed}],\n"refused": {json.dumps(refused)}}}'


def _reason(reason: Reason) -> dict[str, Any]:
    shown: dict[str, Any] = {"code": reason.code, "path": reason.path}
    return shown | ({"candidates": list(reason.candidates)} if reason.candidates else {})
