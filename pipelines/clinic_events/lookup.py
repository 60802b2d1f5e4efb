"""Find a code: by any name of a point, by an ICD code of a condition, by code or title in every other vocabulary."""

from typing import Any

from clinic_events.conditions import canonical_condition
from clinic_events.points import point_facts, recognised
from clinic_events.resources import bundled
from clinic_events.vocabularies import vocabulary

Found = dict[str, Any]

# Words that people say for a vocabulary, besides the name of its file.
_SPOKEN = {"point": "acupuncture_points", "condition": "conditions", "term": "adverse_event_terms",
           "pattern": "tcm_patterns", "instrument": "outcome_instruments"}  # fmt: skip
# Tables that no event is written in.
_ABOUT_VOCABULARIES = frozenset({"point_aliases", "rules", "vocabularies"})
_VALIDITY = ("valid_from", "valid_until", "replaced_by")


class VocabularyUnknown(Exception):
    """There is no such vocabulary. One line that names those that there are."""


def vocabulary_names() -> list[str]:
    found = {path.stem for path in (bundled("schemas") / "vocabularies").glob("*.csv")}
    return sorted(found - _ABOUT_VOCABULARIES)


def look_up(kind: str, text: str) -> Found:
    """`code` is the one that `text` means, or None with `candidates`; `matches` are the rows of either.

    Raises `VocabularyUnknown`.
    """
    name = _SPOKEN.get(kind, kind)
    if name not in vocabulary_names():
        raise VocabularyUnknown(f"no vocabulary {kind!r}; there are: {', '.join([*_SPOKEN, *vocabulary_names()])}")
    code, candidates = _meant(name, text)
    return {
        "vocabulary": name,
        "text": text,
        "code": code,
        "candidates": candidates,
        "of_other_version": name == "acupuncture_points" and recognised[text].is_other_version,
        "matches": [_described(name, each) for each in ([code] if code else candidates)],
    }


def _meant(name: str, text: str) -> tuple[str | None, list[str]]:
    """The code that is meant, or those that may be: a part of a title is never enough to be sure."""
    if name == "acupuncture_points":
        return recognised[text].code, list(recognised[text].candidates)
    if name == "conditions" and (code := canonical_condition(text)):
        return code, []
    rows, wanted = vocabulary(name), text.strip().casefold()
    if exact := [code for code in rows if code.casefold() == wanted]:
        return exact[0], []
    return None, [code for code, row in rows.items() if wanted and wanted in row.get("title", "").casefold()]


def _described(name: str, code: str) -> Found:
    row = {column: value for column, value in vocabulary(name)[code].items() if value or column not in _VALIDITY}
    if name != "acupuncture_points":
        return row
    flags = [flag for flag in row.pop("risk_flags").split(";") if flag]
    risks = [vocabulary("point_risks")[flag] for flag in flags]
    told = [{"code": risk["code"], "title": risk["title"], "evidence": risk["evidence"]} for risk in risks]
    return row | {"organ": point_facts(code)["organ"], "risks": told}
