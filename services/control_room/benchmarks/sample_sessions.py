"""Distinct sessions, written in the ways in which clinics write points and as compactly as their publisher writes.
Seeded."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import inf
from random import Random
from typing import Any

from clinic_events.points import recognised
from clinic_events.vocabularies import vocabulary

NEEDLES = 8
# A session of so many has 1.25 kB.
STREAM_NEEDLES = 6
_FIRST = datetime(2026, 1, 5, 8, tzinfo=UTC)


def sample_sessions(count: int, seed: int = 1, needles: int = NEEDLES) -> list[bytes]:
    """`count` events, none like another; nothing in them is implausible."""
    return list(each_sample_session(count, seed, needles=needles))


def each_sample_session(count: int, seed: int = 1, start: int = 0, needles: int = NEEDLES) -> Iterator[bytes]:
    """The same, one after the other: millions of them need not be held at once. `start` is the number of the first:
    another one gives other sessions."""
    random = Random(f"{seed}/{start}" if start else seed)
    points = [row for row in vocabulary("acupuncture_points").values() if _is_ordinary(row)]
    for number in range(start, start + count):
        session = _session(number, random, random.sample(points, needles))
        yield json.dumps(session, ensure_ascii=False, separators=(",", ":")).encode()


def _is_ordinary(point: dict[str, str]) -> bool:
    """Nothing forbids it, and its name is no other point's too."""
    known = recognised[point["pinyin"]]
    return known.code == point["code"] and known.ordinary_sides == known.sides and known.deepest_mm == inf


def _session(number: int, random: Random, points: list[dict[str, str]]) -> dict[str, Any]:
    needles = [_needle(random, point) for point in points]
    data = {
        "session_id": f"S-{number}",
        "practitioner_id": f"dr-{random.randint(1, 9)}",
        "needles": needles,
        "needles_inserted": len(needles),
        "needles_removed": len(needles),
        "retention_min": random.randint(10, 40),
        "duration_min": 50,
        "techniques": random.sample(["moxibustion", "cupping_dry", "guasha"], random.randint(0, 2)),
        "ae_screen_method": random.choice(["checklist", "open_question", "not_asked"]),
    }
    return {
        "specversion": "1.0",
        "id": f"0197a2f4-{number:012d}",
        "source": "practice",
        "type": "session.completed",
        "time": (_FIRST + timedelta(minutes=number)).isoformat(),
        "subject": f"P-{random.randint(1, 5000)}",
        "data": data,
    }


def _needle(random: Random, point: dict[str, str]) -> dict[str, Any]:
    code = point["code"]
    return {
        "point": random.choice([code, code, code, code.lower(), point["pinyin"]]),
        "side": "midline" if point["sides"] == "1" else random.choice(["left", "right"]),
        "depth_mm": random.randint(10, 80) / 4,
        "angle": random.choice(["perpendicular", "oblique"]),
        "gauge_mm": random.choice([0.2, 0.25, 0.3]),
        "length_mm": random.choice([25, 30, 40]),
        "stimulation": random.choice(["none", "manual"]),
        "de_qi": random.random() < 0.7,
        "lot": f"A{random.randint(1000, 1040)}",
    }
