"""Acupuncture points: from the ways in which clinics write a code to the one code of the network."""

import re
from functools import lru_cache

from clinic_events.vocabularies import vocabulary

_WRITTEN = re.compile(r"\s*(EX-?\s?[A-Z]{1,2}|[A-Z]{1,3})[\s.\-]*0*(\d{1,2})\s*", re.IGNORECASE)

# Other schools' letters for the fourteen meridians (WHO 1991 against older and Chinese habits).
_MERIDIAN_ALIASES = {
    "HE": "HT", "H": "HT", "UB": "BL", "B": "BL", "SJ": "TE", "TB": "TE", "TW": "TE", "DU": "GV", "RN": "CV",
    "REN": "CV", "LV": "LR", "P": "PC", "K": "KI", "KID": "KI",
}  # fmt: skip


@lru_cache(maxsize=4096)
def canonical_point(written: str) -> str | None:
    """`ST-36`, `St 36`, `st36` are all ST36. None when there is no such point: never a guess."""
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return None
    letters = match.group(1).upper().replace(" ", "")
    if letters.startswith("EX") and not letters.startswith("EX-"):
        letters = "EX-" + letters[2:]
    code = f"{_MERIDIAN_ALIASES.get(letters, letters)}{match.group(2)}"
    return code if code in vocabulary("acupuncture_points") else None


@lru_cache(maxsize=1024)
def point_facts(code: str) -> dict[str, str | None]:
    """What is certain of a canonical point: its meridian, that meridian's organ, and the region of the body."""
    point = vocabulary("acupuncture_points")[code]
    meridian = point["meridian"] or None
    organ = vocabulary("meridians")[meridian]["organ"] or None if meridian else None
    return {"point_code": code, "meridian": meridian, "organ": organ, "region": point["region"]}


NO_POINT: dict[str, str | None] = {"point_code": None, "meridian": None, "organ": None, "region": None}


def facts_of(written: str) -> dict[str, str | None]:
    """The facts of a point as a clinic writes it; all None where it is not a point of the network."""
    code = canonical_point(written)
    return point_facts(code) if code else NO_POINT
