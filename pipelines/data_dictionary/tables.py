"""The tables of core and marts as the project's own yml files describe them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# What a reader may query by name: by area, where its models lie below `dbt/models`, and their schema.
AREAS = {
    "core": ("core/*.yml", "core"),
    "safety": ("marts/safety/*.yml", "main"),
    "side_effects": ("marts/side_effects/*.yml", "main"),
    "treatment_patterns": ("marts/treatment_patterns/*.yml", "main"),
    "outcomes": ("marts/outcomes/*.yml", "main"),
    "quality": ("quality/mart_*.yml", "main"),
}
_OFFICER = "officer"


@dataclass(frozen=True)
class Column:
    """`type` is DuckDB's, in lower case."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """`key` names the columns whose values tell its rows apart; `meta` is what it declares to disclosure control."""

    area: str
    schema: str
    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    meta: Mapping[str, Any]

    @property
    def full_name(self) -> str:
        """The bare name where that is enough in a query."""
        return self.name if self.schema == "main" else f"{self.schema}.{self.name}"

    @property
    def tier(self) -> str:
        """The lowest tier that has the table: what is not declared for analysts is the officer's."""
        return self.meta.get("tier", _OFFICER)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What names a cell of the analyst's table."""
        return tuple(self.meta.get("dimensions", ()))

    @property
    def measures(self) -> Mapping[str, Mapping[str, Any]]:
        """By column, how disclosure control treats what it counts."""
        return self.meta.get("measures", {})

    def column(self, name: str) -> Column:
        """Raises KeyError when the table has no such column."""
        return {column.name: column for column in self.columns}[name]


def read_tables(dbt_project: Path) -> list[Table]:
    """Every table of core and marts, by area and name."""
    return [table for area in AREAS for table in _read_area(dbt_project, area)]


def _read_area(dbt_project: Path, area: str) -> Iterator[Table]:
    pattern, schema = AREAS[area]
    for path in sorted((dbt_project / "models").glob(pattern)):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", ()):
            yield _table(area, schema, model)


def _table(area: str, schema: str, model: Mapping[str, Any]) -> Table:
    config = model.get("config", {})
    columns = tuple(
        Column(column["name"], column["data_type"], _line(column["description"])) for column in model["columns"]
    )
    return Table(
        area,
        config.get("schema", schema),
        model["name"],
        _line(model["description"]),
        _key(model),
        columns,
        config.get("meta", {}),
    )


def _key(model: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of its key test; none where it has no key."""
    tests = (test["is_key"] for test in model.get("data_tests", ()) if "is_key" in test)
    return tuple(next((test["arguments"]["columns"] for test in tests), ()))


def _line(text: str) -> str:
    return " ".join(text.split())
