"""From the ways in which clinics write a point to the codes that it may stand for. Never a guess: all candidates."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from clinic_events.vocabularies import codes, vocabulary, vocabulary_rows

_WRITTEN = re.compile(r"(EX-?\s?[A-Z]{1,2}|[A-Z]{1,3})[\s.\-_]*0*(\d{1,2})", re.IGNORECASE)
_BETWEEN_SYLLABLES = re.compile(r"[\s'’\-·.]+")

# Other schools' letters for the fourteen meridians (WHO 1991 against older and Chinese habits).
_MERIDIAN_ALIASES = {
    "HE": "HT", "H": "HT", "UB": "BL", "B": "BL", "SJ": "TE", "TB": "TE", "TW": "TE", "TH": "TE", "DU": "GV",
    "DM": "GV", "RN": "CV", "REN": "CV", "RM": "CV", "LV": "LR", "LIV": "LR", "P": "PC", "K": "KI", "KID": "KI",
}  # fmt: skip


@dataclass
class _Names:
    """Codes by a name: with its tones, without them, in characters, and as a code of another nomenclature."""

    toned: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    plain: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    other_version: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def codes_written(written: str) -> tuple[str, ...]:
    """The codes that `written` may stand for: one when it is clear, several when it is not, none when unknown."""
    written = unicodedata.normalize("NFKC", written).strip()
    if match := _WRITTEN.fullmatch(written):
        code = _code(match.group(1), match.group(2))
        if code in codes("acupuncture_points"):
            return (code,)
    name = _folded(written)
    for known in (_names().toned, _names().plain):
        if found := known.get(name):
            return tuple(sorted(found))
        name = _without_tones(name)
    return ()


def codes_of_other_version(written: str) -> tuple[str, ...]:
    """The codes that a code of another nomenclature (GV29, say) stands for in ours; none when it never was one."""
    written = unicodedata.normalize("NFKC", written).strip()
    match = _WRITTEN.fullmatch(written)
    name = _code(match.group(1), match.group(2)) if match else written.upper()
    return tuple(sorted(_names().other_version.get(name, ())))


def _code(letters: str, number: str) -> str:
    letters = letters.upper().replace(" ", "")
    if letters.startswith("EX") and not letters.startswith("EX-"):
        letters = "EX-" + letters[2:]
    return f"{_MERIDIAN_ALIASES.get(letters, letters)}{number}"


@cache
def _names() -> _Names:
    names = _Names()
    for code, row in vocabulary("acupuncture_points").items():
        for name in (row["pinyin"], row["chinese"], row["chinese_traditional"]):
            names.toned[_folded(name)].add(code)
        names.plain[_without_tones(_folded(row["pinyin"]))].add(code)
        names.plain[_folded(row["pinyin_plain"])].add(code)
    for row in vocabulary_rows("point_aliases"):
        if row["kind"] == "other_version":
            names.other_version[row["alias"].upper()].add(row["code"])
        else:
            names.toned[_folded(row["alias"])].add(row["code"])
            names.plain[_without_tones(_folded(row["alias"]))].add(row["code"])
    return names


def _folded(name: str) -> str:
    return _BETWEEN_SYLLABLES.sub("", unicodedata.normalize("NFKC", name).casefold())


def _without_tones(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.replace("ü", "u").replace("v", "u"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
