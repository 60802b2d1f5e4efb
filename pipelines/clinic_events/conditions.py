"""Conditions: the network's own codes, and the ICD codes that practice systems hold."""

from collections import defaultdict
from functools import cache, lru_cache

from clinic_events.vocabularies import vocabulary

# A letter and two digits in ICD-10. Nothing above it is one condition.
_SHORTEST_CATEGORY = 3


@lru_cache(maxsize=4096)
def canonical_condition(written: str) -> str | None:
    """The network's code for its own code, or for an ICD-11 or ICD-10 code or the nearest category above it that is
    listed (G43.909 is G43); None when no single one is meant."""
    text = written.strip()
    if text in vocabulary("conditions"):
        return text
    icd = text.upper()
    while len(icd) >= _SHORTEST_CATEGORY:
        if found := _by_icd().get(icd):
            return next(iter(found)) if len(found) == 1 else None
        icd = icd[:-1].rstrip(".")
    return None


def condition_group(written: str) -> str | None:
    code = canonical_condition(written)
    return vocabulary("conditions")[code]["group"] if code else None


@cache
def _by_icd() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for code, row in vocabulary("conditions").items():
        for system in ("icd11", "icd10"):
            if row[system]:
                found[row[system].upper()].add(code)
    return found
