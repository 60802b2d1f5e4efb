"""Acupuncture points: what a clinic's word for one stands for, and what is certain of it."""

from collections.abc import Iterator
from math import inf
from typing import Any

import msgspec

from clinic_events.point_names import codes_of_other_version, codes_written, is_ashi
from clinic_events.reasons import Reason
from clinic_events.vocabularies import codes, vocabulary

_REMEMBERED = 8192
_MIDLINE = frozenset({None, "midline"})
_PAIRED = frozenset({None, "left", "right", "both"})
_ANYWHERE = frozenset({None, "left", "right", "both", "midline"})


class Recognition(msgspec.Struct, frozen=True):
    """What one written point is: `code` when that is clear, else the `candidates`.

    `sides` are those on which it can lie; `ordinary_sides` the same, but none where the point itself calls for a flag.
    `deepest_mm` is how deep a needle may go before the lung is near, `facts` the JSON that goes on beside what the
    clinic wrote.
    """

    code: str | None
    candidates: tuple[str, ...]
    is_other_version: bool
    is_ashi: bool
    is_forbidden: bool
    sides: frozenset[str | None]
    ordinary_sides: frozenset[str | None]
    deepest_mm: float
    facts: bytes


class _Recognised(dict[str, Recognition]):
    """Looked into for every needle, which a dictionary does in half the time of a cached function."""

    def __missing__(self, written: str) -> Recognition:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[written] = found = recognise(written)
        return found


recognised = _Recognised()


def recognise(written: str) -> Recognition:
    """`ST-36`, `St 36`, `Zusanli`, `zú sān lǐ`, `足三里` are all ST36. Several candidates are never chosen between."""
    found = codes_written(written)
    other = () if found else codes_of_other_version(written)
    candidates = found or other
    code = candidates[0] if len(candidates) == 1 else None
    is_forbidden, sides = code is not None and "forbidden" in _risks(code), _sides(code) if code else _ANYWHERE
    facts = point_facts(code) if code else {"candidates": candidates} if candidates else {}
    return Recognition(
        code=code,
        candidates=candidates if code is None else (),
        is_other_version=bool(other),
        is_ashi=is_ashi(written),
        is_forbidden=is_forbidden,
        sides=sides,
        ordinary_sides=frozenset() if code is None or other or is_forbidden else sides,
        deepest_mm=float(vocabulary("acupuncture_points")[code]["deepest_mm"] or inf) if code else inf,
        facts=msgspec.json.encode(facts),
    )


def canonical_point(written: str) -> str | None:
    """The one code that `written` stands for; None when there is none, or more than one."""
    return recognised[written].code


def point_facts(code: str) -> dict[str, Any]:
    """What is certain of a canonical point: its meridian, that meridian's organ, and the region of the body."""
    point = vocabulary("acupuncture_points")[code]
    meridian = point["meridian"] or None
    organ = vocabulary("meridians")[meridian]["organ"] or None if meridian else None
    return {"point_code": code, "meridian": meridian, "organ": organ, "region": point["region"]}


def point_flags(known: Recognition, side: str | None, path: str, name: str = "/point") -> Iterator[Reason]:
    """What is odd about a point as it is written, and about the side that it is said to lie on."""
    if known.is_ashi:
        return
    if known.code is None:
        code = "ambiguous_point" if known.candidates else "unknown_point"
        yield Reason(code, f"{path}{name}", known.candidates)
        return
    if known.is_other_version:
        yield Reason("code_of_other_version", f"{path}{name}", (known.code,))
    if side not in known.sides and side in codes("sides"):
        yield Reason("side_contradicts_point", f"{path}/side")


def _sides(code: str) -> frozenset[str | None]:
    point = vocabulary("acupuncture_points")[code]
    if point["sides"] != "1":
        return _PAIRED
    # Of several points under one code (Sishencong) some lie beside the midline.
    return _MIDLINE if point["needles_per_code"] == "1" else _ANYWHERE


def _risks(code: str) -> list[str]:
    return vocabulary("acupuncture_points")[code]["risk_flags"].split(";")
