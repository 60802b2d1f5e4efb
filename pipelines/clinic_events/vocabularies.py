"""The vocabularies in `schemas/vocabularies/`, read once."""

import csv
from datetime import date
from functools import cache

from clinic_events.resources import bundled


@cache
def vocabulary(name: str) -> dict[str, dict[str, str]]:
    """The rows of one vocabulary by their code, in the file's order."""
    return {row["code"]: row for row in vocabulary_rows(name)}


@cache
def vocabulary_rows(name: str) -> list[dict[str, str]]:
    """The rows of one vocabulary, also of one in which a code has several."""
    with (bundled("schemas") / "vocabularies" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def codes(name: str) -> frozenset[str]:
    """Every code, those of other versions too."""
    return frozenset(vocabulary(name))


@cache
def current_codes(name: str) -> frozenset[str]:
    """The codes of the version in force."""
    return frozenset(code for code, row in vocabulary(name).items() if not row.get("valid_until"))


@cache
def last_day(name: str, code: str) -> date | None:
    """The last day on which a code was in force; None while it is."""
    until = vocabulary(name)[code].get("valid_until")
    return date.fromisoformat(until) if until else None


@cache
def codes_where(name: str, column: str, value: str) -> frozenset[str]:
    """The codes whose `column` says `value`."""
    return frozenset(code for code, row in vocabulary(name).items() if row[column] == value)


def flagged_codes(name: str, column: str) -> frozenset[str]:
    """The codes whose `column` says true."""
    return codes_where(name, column, "true")


@cache
def ranges(name: str) -> dict[str, tuple[float, float]]:
    """The lowest and highest value of each code of a vocabulary with `minimum` and `maximum`."""
    return {code: (float(row["minimum"]), float(row["maximum"])) for code, row in vocabulary(name).items()}
