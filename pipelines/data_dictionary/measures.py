"""The measures that people ask for, each defined once in `dbt/seeds/measures.csv`, and the statement that yields it."""

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from clinic_events.resources import bundled

Tier = Literal["analyst", "officer"]

_LISTS = ("beside", "grain", "divided_by")
_WHOLE, _STRATUM, _NETWORK = "all", "stratum", "network"


class NoSuchMeasure(Exception):
    """No measure has this name, or it cannot be divided in this way: one line that says what there is."""


@dataclass(frozen=True)
class Measure:
    """`numerator` is empty for what is no rate or share. `divided_by` are dimensions of the mart, each of which has a
    margin `all`; or stratifiers, where `stratum` is one of its columns, and the margin is the stratifier `network`."""

    measure: str
    title: str
    unit: str
    mart: str
    value: str
    numerator: str
    denominator: str
    beside: tuple[str, ...]
    grain: tuple[str, ...]
    pinned: str
    divided_by: tuple[str, ...]
    meaning: str
    not_to_compare: str
    source: str

    @property
    def figures(self) -> tuple[str, ...]:
        """The value, and what must be read with it."""
        return tuple(filter(None, (self.value, self.numerator, self.denominator, *self.beside)))

    def statement(self, by: str | None = None, tier: Tier = "analyst") -> str:
        """A query of one row a cell, in a stated order. Raises `NoSuchMeasure`."""
        if by is not None and by not in self.divided_by:
            raise NoSuchMeasure(f"{self.measure} cannot be divided by {by}; {self._divisions()}")
        named = self.named(by)
        shown = (f"{self.value}_status", "shown_since") if tier == "analyst" else ()
        columns = ",\n    ".join((*named, *self.figures, *shown))
        conditions = "\n    and ".join(self._conditions(by))
        where = f"where\n    {conditions}\n" if conditions else ""
        return f"select\n    {columns}\nfrom {self.mart}\n{where}order by {', '.join(named)}"

    def as_json(self) -> dict[str, Any]:
        """The definition, with lists where it names several."""
        return asdict(self)

    def named(self, by: str | None = None) -> tuple[str, ...]:
        """The columns that name its rows."""
        return (*self.grain, by) if by and _STRATUM not in self.grain else self.grain

    def _conditions(self, by: str | None) -> Iterator[str]:
        if self.pinned:
            yield self.pinned
        if not self.divided_by:
            return
        if _STRATUM in self.grain:
            yield f"stratifier = '{by or _NETWORK}'"
            return
        for dimension in self.divided_by:
            yield f"{dimension} {'<>' if dimension == by else '='} '{_WHOLE}'"

    def _divisions(self) -> str:
        if not self.divided_by:
            return f"it is given by {', '.join(self.grain)}"
        return f"it can by {', '.join(self.divided_by)}"


def read_measures() -> dict[str, Measure]:
    """By name, in the order of the file."""
    with (bundled("dbt") / "seeds" / "measures.csv").open(encoding="utf-8", newline="") as file:
        return {row["measure"]: _measure(row) for row in csv.DictReader(file)}


def find_measure(name: str) -> Measure:
    """Raises `NoSuchMeasure`."""
    measures = read_measures()
    if name not in measures:
        raise NoSuchMeasure(f"there is no measure {name}; there are {', '.join(measures)}")
    return measures[name]


def _measure(row: dict[str, str]) -> Measure:
    lists = {name: tuple(row[name].split()) for name in _LISTS}
    values: dict[str, Any] = {each.name: lists.get(each.name, row[each.name]) for each in fields(Measure)}
    return Measure(**values)
