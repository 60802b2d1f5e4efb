"""The data dictionary: a page for each area, and the tables of the page that leads to them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from clinic_events.publishing.markdown import GENERATED, code, link, table
from data_dictionary.tables import Column, Table

_TABLE_COLUMNS = ("table", "tier", "one row for each", "says")
_COLUMNS = ("column", "type", "analysts see", "meaning")
_STRATIFIER_COLUMNS = ("stratifier", "known at", "meaning")


def area_pages(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """File name and content of each page in `docs/dictionary/`."""
    for area, described in groupby(tables, key=lambda each: each.area):
        sections = [_section(each) for each in described]
        yield f"{area}.md", "\n\n".join([GENERATED, f"# {_title(area)}", *sections]) + "\n"


def dictionary_blocks(tables: Sequence[Table], dbt_project: Path) -> dict[str, str]:
    """The tables of `docs/dictionary.md`."""
    return {"tables": _index(tables), "stratifiers": _stratifiers(dbt_project)}


def grain(described: Table) -> str:
    """What one row stands for, in words."""
    return _listed(described.key) or "change (it has no key)"


def _index(tables: Sequence[Table]) -> str:
    return table(_TABLE_COLUMNS, (_index_row(each) for each in tables))


def _index_row(described: Table) -> tuple[str, ...]:
    page = f"dictionary/{described.area}.md#{described.full_name.replace('.', '')}"
    first_sentence = described.meaning.split(". ")[0].rstrip(".") + "."
    return link(code(described.full_name), page), described.tier, grain(described), first_sentence


def _stratifiers(dbt_project: Path) -> str:
    with (dbt_project / "seeds" / "stratifiers.csv").open(encoding="utf-8", newline="") as file:
        rows = [(code(row["stratifier"]), row["known_at"], row["meaning"]) for row in csv.DictReader(file)]
    return table(_STRATIFIER_COLUMNS, rows)


def _section(described: Table) -> str:
    says = [f"One row for each {grain(described)}. Tier: {described.tier}."]
    if described.dimensions and set(described.dimensions) != set(described.key):
        says.append(f"In the analyst's file a row is named by {_listed(described.dimensions)}.")
    rows = ((code(each.name), each.type, _shown(described, each), each.meaning) for each in described.columns)
    columns = table(_COLUMNS, rows)
    return f"## {described.full_name}\n\n{described.meaning}\n\n{' '.join(says)}\n\n{columns}"


def _shown(described: Table, column: Column) -> str:
    """What of a column is in the analyst's file."""
    if column.name in described.dimensions:
        return "yes, names the cell"
    if column.name in described.meta.get("attributes", ()):
        return "yes"
    if measure := described.measures.get(column.name):
        of = measure.get("of", ())
        return f"with a status, of {_listed(of)}" if of else "with a status"
    return "no"


def _listed(names: Iterable[str]) -> str:
    *most, last = [*map(code, names)] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _title(area: str) -> str:
    return area.replace("_", " ").capitalize()
