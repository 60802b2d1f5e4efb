"""From the ways in which clinics write a point to the codes that it may stand for. Never a guess: all candidates."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from clinic_events.vocabularies import codes, vocabulary, vocabulary_rows

_BETWEEN = r"\s.\-_/:#·\u2010-\u2015\u2212"
_WRITTEN = re.compile(
    rf"(EX[{_BETWEEN}]*[A-Z]{{1,2}}|[A-Z](?:\.?[A-Z]){{0,2}})[{_BETWEEN}]*0*([0-9]{{1,2}})[.;,]?", re.IGNORECASE
)
_CODE_AND_NAME = re.compile(r"(\S+?[0-9]{1,2})[\s(]+([^\s()0-9][^()0-9]*)\)?")
_BETWEEN_SYLLABLES = re.compile(r"[\s'’\-·.]+")
_NUMBERED_TONES = re.compile(r"(?:[a-zü]+[1-5]\s*){2,}", re.IGNORECASE)
# What follows a name in Chinese and says only that it is one: "point".
_POINT = "穴"
_ASHI = frozenset({"ashi", "ashipoint", "ashixue", "阿是", "阿是穴"})

# Other schools' letters for the fourteen meridians (WHO 1991 against older and Chinese habits).
_MERIDIAN_ALIASES = {
    "HE": "HT", "H": "HT", "UB": "BL", "B": "BL", "SJ": "TE", "TB": "TE", "TW": "TE", "DU": "GV",
    "DM": "GV", "RN": "CV", "REN": "CV", "RM": "CV", "LV": "LR", "LIV": "LR", "P": "PC",
    "K": "KI", "KD": "KI", "KID": "KI",
}  # fmt: skip


@dataclass
class _Names:
    """Codes by a name: with its tones, without them, in characters, and as a code of another nomenclature."""

    toned: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    plain: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    other_version: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def codes_written(written: str) -> tuple[str, ...]:
    """The codes that `written` may stand for: one when it is clear, several when it is not, none when unknown."""
    if any(unicodedata.category(letter) == "No" for letter in written):
        return ()  # a raised digit is a footnote, or a slip of the keyboard
    written = unicodedata.normalize("NFKC", written).strip()
    if match := _WRITTEN.fullmatch(written):
        code = _code(match.group(1), match.group(2))
        return (code,) if code in codes("acupuncture_points") else ()
    if match := _CODE_AND_NAME.fullmatch(written):
        # Both are said, and count only if both say the same.
        return tuple(sorted({*codes_written(match.group(1))} & {*codes_written(match.group(2))}))
    return _codes_named(written)


def _codes_named(written: str) -> tuple[str, ...]:
    if _NUMBERED_TONES.fullmatch(written):
        written = re.sub("[1-5]", "", written)
    name = _folded(written)
    for toned in dict.fromkeys((name, name.removesuffix(_POINT))):
        if found := _names().toned.get(toned) or _names().plain.get(_without_tones(toned)):
            return tuple(sorted(found))
    return ()


def codes_of_other_version(written: str) -> tuple[str, ...]:
    """The codes that a code of another nomenclature (GV29, say) stands for in ours; none when it never was one."""
    written = unicodedata.normalize("NFKC", written).strip()
    match = _WRITTEN.fullmatch(written)
    name = _code(match.group(1), match.group(2)) if match else written.upper()
    return tuple(sorted(_names().other_version.get(name, ())))


def is_ashi(written: str) -> bool:
    """Whether it says that it is a tender spot and no named point."""
    return _folded(written) in _ASHI


def _code(letters: str, number: str) -> str:
    letters = re.sub(rf"[{_BETWEEN}]", "", letters.upper())
    if letters.startswith("EX"):
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
