"""What no example shows: the ways to write a point, an identifier and a time, and bytes that are no event at all."""

import json
from collections.abc import Callable, Iterable
from typing import Any

Document = dict[str, Any]

_EVENT: Document = {
    "specversion": "1.0",
    "source": "practice-system/4.2",
    "type": "session.completed",
    "time": "2026-03-02T09:30:00+01:00",
    "subject": "P-0017",
}

_POINTS = (
    "ST36", "st36", "ST-36", "St 36", "ST.36", "ST036", "Zusanli", "zú sān lǐ", "Zu San Li", "足三里", "UB60", "SJ5",
    "Du 20", "REN6", "EX-HN3", "Yintang", "GV29", "M-HN-3", "ＳＴ３６", "Sanli",
    "Lin Qi", "Zhongdu", "Zhōngdū", "CV8", "ST17", "ST46", "ST99", "ear 3", "ashi",
)  # fmt: skip
_PLACED: tuple[Document, ...] = (
    {"point": "GV20", "side": "midline"},
    {"point": "GV20", "side": "left"},
    {"point": "ST36", "side": "both"},
    {"point": "ST36", "side": "midline"},
    {"point": "ashi", "region": "shoulder"},
)
_IDENTIFIERS: tuple[Any, ...] = ("1", "ä" * 64, "x" * 64, "x" * 65, "", " ", "a/b c", "0197a2f4-7c1e", 7, None, True)
_SUBJECTS: tuple[Any, ...] = ("P", "P" * 128, "P" * 129, "", 17, None)
_TIMES: tuple[Any, ...] = (
    "2026-03-02T09:30:00Z", "2026-03-02T09:30:00+05:30", "2026-03-02T09:30:00.125-08:00", "2026-03-02T09:30:00",
    "2026-03-02", "2026-02-30T09:30:00Z", "2026-03-02T25:30:00Z", "1970-01-01T00:00:00Z", "2206-03-02T09:30:00Z",
    "yesterday", "", 1772440200, None,
)  # fmt: skip
_ATTRIBUTES: tuple[Document, ...] = (
    {"specversion": "0.3"}, {"specversion": 1.0}, {"schemaversion": 1}, {"schemaversion": 2}, {"schemaversion": "1"},
    {"type": "session.started"}, {"type": None}, {"clinicid": "north-bridge"}, {"clinicid": "south-bridge"},
    {"source": ""}, {"supersedes": "an-earlier-one"}, {"supersedes": ""}, {"testdata": True}, {"testdata": "no"},
    {"recordedtime": "2026-03-02T18:00:00+01:00"},
    {"recordedtime": "2026-03-01T18:00:00+01:00"},
    {"sourceepoch": 1, "sourcesequence": 1207},
    {"sourcesequence": 2**60},
    {"sourceversion": "8" * 65},
    {"data": None},
    {"data": []},
    {"partitionkey": "17"},
)  # fmt: skip
_UNREADABLE = (b"not json", b'{"id": "7"', b"[]", b"null", b'"session.completed"', b"{'id': '7'}", b'{"id": "\xff"}')


def point_cases() -> list[bytes]:
    needles = [*({"point": written} for written in _POINTS), *_PLACED]
    return _lines("point", ({"data": {"session_id": "S-1", "needles": [needle]}} for needle in needles))


def identifier_cases() -> list[bytes]:
    ids = _lines("", ({"id": value} for value in _IDENTIFIERS))
    sessions = _lines("session", ({"data": {"session_id": value}} for value in _IDENTIFIERS))
    return ids + sessions + _lines("subject", ({"subject": value} for value in _SUBJECTS))


def envelope_cases() -> list[bytes]:
    return _lines("time", ({"time": value} for value in _TIMES)) + _lines("attribute", _ATTRIBUTES)


def unreadable_cases() -> list[bytes]:
    return list(_UNREADABLE)


CASES: dict[str, Callable[[], list[bytes]]] = {
    "envelope": envelope_cases,
    "identifiers": identifier_cases,
    "points": point_cases,
    "unreadable": unreadable_cases,
}


def _lines(name: str, changes: Iterable[Document]) -> list[bytes]:
    """One event for each change of a plain one. A value of None takes the attribute away."""
    events = (
        {"id": f"{name}-{n}", **_EVENT, "data": {"session_id": "S-1"}, **change} for n, change in enumerate(changes, 1)
    )
    return [_encoded({key: value for key, value in event.items() if value is not None}) for event in events]


def _encoded(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
