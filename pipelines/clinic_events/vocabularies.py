"""The vocabularies in `schemas/vocabularies/`, read once."""

import csv
from functools import cache

from clinic_events.resources import bundled


@cache
def vocabulary(name: str) -> dict[str, dict[str, str]]:
    """The rows of one vocabulary by their code, in the file's order."""
    with (bundled("schemas") / "vocabularies" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@cache
def codes(name: str) -> frozenset[str]:
    return frozenset(vocabulary(name))


@cache
def flagged_codes(name: str, column: str) -> frozenset[str]:
    """The codes whose `column` says true."""
    return frozenset(code for code, row in vocabulary(name).items() if row[column] == "true")


@cache
def instrument_ranges() -> dict[str, tuple[float, float]]:
    """The lowest and highest score of each outcome instrument."""
    instruments = vocabulary("outcome_instruments").items()
    return {code: (float(row["minimum"]), float(row["maximum"])) for code, row in instruments}
