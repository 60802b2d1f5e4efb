"""What a mart of the analyst tier says of its cells, in its dbt `meta`: see docs/disclosure.md."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

CLINIC = "clinic_id"
COUNTED = ("count", "serious")
FORMS = ("ratio", "rank", "largest_clinic", *(f"{method}_{end}" for method in ("poisson", "clopper_pearson", "wilson")
                                              for end in ("low", "high")))  # fmt: skip
# Serious events appear by network and quarter only; the way of asking tells nothing of a clinic.
_SERIOUS_DIMENSIONS = {"quarter", "ae_screen_method"}
# What else the project says of a model, and disclosure control does not ask.
_OTHER_KEYS = {"purpose", "at_lock"}
_TABLE_KEYS = {"tier", "dimensions", "patients", "clinics", "largest_clinic_share", "margins", "attributes", "measures"}
_MEASURE_KEYS = {"kind", "patients", "clinics", "largest_clinic_share", "by", "of", "form", "per", "decimals", "within"}


class DeclarationIncomplete(Exception):
    """A mart does not say enough of its cells to be shown to analysts: one line that says what is missing."""


@dataclass(frozen=True)
class Measure:
    """A count, with the columns of what is behind it, or a figure that is computed `of` counts of the same row.

    `by` are the dimensions that name a count's cell; `family` is what it adds up to, over all tables that name it, and
    `must_add_up` whether the mart says so itself: else it is the count's own name, and a guess.
    """

    name: str
    kind: str
    by: tuple[str, ...]
    family: str
    must_add_up: bool = False
    patients: str | None = None
    clinics: str | None = None
    largest_clinic_share: str | None = None
    of: tuple[str, ...] = ()
    form: str | None = None
    per: float = 1.0
    decimals: int | None = None
    within: tuple[str, ...] = ()

    @property
    def is_count(self) -> bool:
        return self.kind in COUNTED


@dataclass(frozen=True)
class Declaration:
    """`patients` is the column with the distinct patients of a cell's denominator."""

    table: str
    dimensions: tuple[str, ...]
    patients: str
    measures: tuple[Measure, ...]
    attributes: tuple[str, ...]
    meta: Mapping[str, Any]

    @property
    def counts(self) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures if measure.is_count)

    @property
    def derived(self) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures if not measure.is_count)

    @property
    def columns(self) -> set[str]:
        """Every column that the declaration names."""
        behind = {
            column
            for measure in self.counts
            for column in (measure.patients, measure.clinics, measure.largest_clinic_share)
        }
        names = {measure.name for measure in self.measures}
        return {*self.dimensions, *self.attributes, *names, self.patients, *behind} - {None}


def declare(table: str, meta: Mapping[str, Any]) -> Declaration:
    """The declaration of one mart. Raises `DeclarationIncomplete`."""
    problem = next(_problems(meta), None)
    if problem:
        raise DeclarationIncomplete(f"{table}: {problem}")
    measures = tuple(_measure(meta, name, said) for name, said in meta["measures"].items())
    attributes = tuple(meta.get("attributes", ()))
    return Declaration(table, tuple(meta["dimensions"]), meta["patients"], measures, attributes, meta)


def _measure(meta: Mapping[str, Any], name: str, said: Mapping[str, Any]) -> Measure:
    of, within = (tuple(said.get(key, ())) for key in ("of", "within"))
    by = tuple(said.get("by", meta["dimensions"]))
    margins = meta.get("margins", {})
    behind: dict[str, Any] = {key: said.get(key, meta.get(key)) for key in ("clinics", "largest_clinic_share")}
    per = float(said.get("per", 1))
    given: dict[str, Any] = {key: said.get(key) for key in ("patients", "form", "decimals")}
    family, must_add_up = margins.get(name, name), name in margins
    return Measure(name, said["kind"], by, family, must_add_up, of=of, within=within, per=per, **behind, **given)


def _problems(meta: Mapping[str, Any]) -> Iterator[str]:
    if unknown := set(meta) - _TABLE_KEYS - _OTHER_KEYS:
        yield f"unknown in its meta: {', '.join(sorted(unknown))}"
    for key in ("dimensions", "patients", "measures"):
        if not meta.get(key) and not (key == "dimensions" and meta.get(key) == []):
            yield f"its meta does not give `{key}`"
    if not isinstance(meta["measures"], Mapping):
        yield "its measures are names without a kind"
    if unknown := set(meta.get("margins", {})) - set(meta["measures"]):
        yield f"margins of no measure: {', '.join(sorted(unknown))}"
    for name, said in meta["measures"].items():
        yield from (f"measure {name}: {problem}" for problem in _measure_problems(meta, name, said or {}))


def _measure_problems(meta: Mapping[str, Any], name: str, said: Mapping[str, Any]) -> Iterator[str]:
    kind = said.get("kind")
    if unknown := set(said) - _MEASURE_KEYS:
        yield f"unknown: {', '.join(sorted(unknown))}"
    if kind in COUNTED:
        yield from _count_problems(meta, said)
    elif kind == "derived":
        yield from _derived_problems(meta, said)
    else:
        yield "its kind is none of count, serious, derived"
    if kind != "serious" and "serious" in name:
        yield "a count of serious events is of kind serious"
    if kind == "serious" and not set(meta["dimensions"]) <= _SERIOUS_DIMENSIONS:
        yield "serious events appear by network and quarter only"


def _count_problems(meta: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    if not said.get("patients"):
        yield "it does not name the column of the patients behind it"
    if not set(said.get("by", ())) <= set(meta["dimensions"]):
        yield "`by` names what is no dimension"
    if CLINIC not in said.get("by", meta["dimensions"]):
        for key in ("clinics", "largest_clinic_share"):
            if not said.get(key, meta.get(key)):
                yield f"it is across clinics, and no column `{key}` is named"


def _derived_problems(meta: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    counts = [name for name, one in meta["measures"].items() if one and one.get("kind") in COUNTED]
    if not said.get("of"):
        yield "it does not say what it is computed of"
    if unknown := set(said.get("of", ())) - set(counts):
        yield f"it is computed of what is no count: {', '.join(sorted(unknown))}"
    if said.get("form") not in (None, *FORMS):
        yield f"its form is none of {', '.join(FORMS)}"
    if not set(said.get("within", ())) <= set(meta["dimensions"]):
        yield "`within` names what is no dimension"
