"""The fields of a contract as a table."""

import json
from typing import Any

from clinic_events.publishing.contract_fields import ContractField
from clinic_events.publishing.examples import values_at
from clinic_events.publishing.markdown import code, link, table

_COLUMNS = ("field", "type", "required", "unit", "plausible", "vocabulary", "meaning", "example")


def field_table(fields: list[ContractField], example: Any, root: str) -> str:
    """With the values of an example that is accepted, and without the columns in which no field has anything to say.

    `root` leads from the page to the root of the repository."""
    rows = [_field_row(field, example, root) for field in fields]
    kept = [n for n in range(len(_COLUMNS)) if any(row[n] for row in rows)]
    return table([_COLUMNS[n] for n in kept], ([row[n] for n in kept] for row in rows))


def _field_row(field: ContractField, example: Any, root: str) -> tuple[str, ...]:
    name = field.vocabulary
    return (
        code(field.path),
        field.kind,
        "yes" if field.required else "",
        field.unit or "",
        " to ".join(f"{bound:,}" for bound in field.plausible or ()),
        link(name, f"{root}schemas/vocabularies/{name}.csv") if name else "",
        field.meaning,
        _example(next(iter(values_at(example, field.path)), field.example)),
    )


def _example(value: Any) -> str:
    """A value that fits into a cell: what a list or an object holds is shown at its fields."""
    return "" if value is None or isinstance(value, dict | list) else code(json.dumps(value, ensure_ascii=False))
