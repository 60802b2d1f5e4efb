"""STRICTA 2010, item by item: which fields carry it, and an example that does; from `schemas/stricta_items.csv`."""

import csv
import json
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from clinic_events.publishing.examples import values_at
from clinic_events.publishing.markdown import code, link, table
from clinic_events.resources import bundled

_COLUMNS = ("item", "says", "type", "field", "example")


@dataclass(frozen=True)
class ItemField:
    """One field that carries an item, or a part of it; `example` is a file in `schemas/examples/`."""

    item: str
    title: str
    event_type: str
    path: str
    example: str

    def values(self) -> list[Any]:
        """What the example holds at the field's path."""
        document = json.loads((bundled("schemas") / "examples" / self.example).read_bytes())
        return values_at(document["data"], self.path)


def item_fields() -> list[ItemField]:
    with (bundled("schemas") / "stricta_items.csv").open(encoding="utf-8", newline="") as file:
        return [ItemField(**row) for row in csv.DictReader(file)]


def stricta_blocks() -> dict[str, str]:
    """The table of `docs/stricta.md`."""
    rows = [row for _, fields in groupby(item_fields(), key=lambda field: field.item) for row in _rows(list(fields))]
    return {"items": table(_COLUMNS, rows)}


def _rows(fields: list[ItemField]) -> list[tuple[str, ...]]:
    """The item and what it says stand at its first field only."""
    heads = [(fields[0].item, fields[0].title), *[("", "")] * (len(fields) - 1)]
    return [
        (*head, code(field.event_type), code(field.path), _example(field))
        for head, field in zip(heads, fields, strict=True)
    ]


def _example(field: ItemField) -> str:
    shown = json.dumps(next(iter(field.values()), None), ensure_ascii=False)
    return f"{code(shown)} in {link(field.example.rsplit('/', 1)[1], f'../schemas/examples/{field.example}')}"
