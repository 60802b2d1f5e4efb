"""Where a value comes from: a column, a template, a constant, or a table of values."""

import string
from datetime import date
from typing import Any

from clinic_publisher.mapping import dates
from clinic_publisher.mapping.inspection import Inspection, RowRefused
from clinic_publisher.mapping.kinds import CastFailed, Kind, a, cast_text, native
from clinic_publisher.mapping.row import Row, Value, missing


def from_column(node: dict, place: str, inspection: Inspection) -> Value:
    column = node["column"]
    if not isinstance(column, str):
        inspection.problem(place, "a column is named by a text")
        return missing
    if node.get("optional") is not True:
        inspection.needs_column(place, column)
    return lambda row: row.get(column)


def from_template(template: Any, place: str, inspection: Inspection) -> Value:
    """A text with `{column}`s in it. One empty column leaves the whole value missing."""
    try:
        parts = list(string.Formatter().parse(template))
    except (TypeError, ValueError):
        inspection.problem(place, "a template is a text with {column}s in it (a brace itself is doubled)")
        return missing
    columns = [name for _, name, _, _ in parts if name is not None]
    if any(not name or spec or conversion for _, name, spec, conversion in parts if name is not None):
        inspection.problem(place, "a template holds {column} and nothing else in braces")
    for column in columns:
        inspection.needs_column(place, column)
    return lambda row: _filled(parts, row)


def _filled(parts: list, row: Row) -> str | None:
    cells = [row.get(name) for _, name, _, _ in parts if name is not None]
    if any(cell is None for cell in cells):
        return None
    return "".join(literal + ((row.get(name) or "") if name is not None else "") for literal, name, _, _ in parts)


def constant(value: Any, kind: Kind, place: str, inspection: Inspection) -> Any:
    try:
        if kind in (Kind.DATE, Kind.DATETIME):
            return _constant_date(value, kind, inspection)
        if native(value, kind):
            return value
        if kind is not Kind.TEXT and isinstance(value, str):
            return cast_text(value, kind)
        raise CastFailed(f"{a(kind)} is wanted" + (" (put it in quotes)" if kind is Kind.TEXT else ""))
    except CastFailed as failure:
        inspection.problem(place, f"constant: {failure}")
        return None


def _constant_date(value: Any, kind: Kind, inspection: Inspection) -> date:
    if isinstance(value, str):
        return dates.parse(value, kind, None, inspection.zone)
    if isinstance(value, date):
        return dates.settle(value, kind, inspection.zone)
    raise CastFailed(f"{a(kind)} is wanted")


def from_table(text: Value, node: dict, kind: Kind, place: str, inspection: Inspection) -> Value:
    table = node["values"]
    if not isinstance(table, dict) or not table:
        inspection.problem(f"{place}.values", "a table of cell: value is wanted")
        return missing
    if any(isinstance(key, bool) for key in table):
        inspection.problem(f"{place}.values", "YAML reads yes, no, true and false as truth values: put them in quotes")
    results = {str(key): constant(to, kind, f"{place}.values.{key}", inspection) for key, to in table.items()}
    otherwise = constant(node["otherwise"], kind, f"{place}.otherwise", inspection) if "otherwise" in node else None
    return lambda row: _look_up(text(row), results, otherwise, place)


def _look_up(text: str | None, results: dict[str, Any], otherwise: Any, place: str) -> Any:
    if text is None or text in results:
        return results.get(text) if text is not None else None
    if otherwise is None:
        raise RowRefused(f"{place}: the cell is none of the mapping's `values`")
    return otherwise
