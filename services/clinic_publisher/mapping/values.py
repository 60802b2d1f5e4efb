"""One value of an event: where it comes from (column, constant, template) and what is done to it."""

import string
from collections.abc import Callable
from datetime import date
from typing import Any

from clinic_publisher.mapping import dates
from clinic_publisher.mapping.conditions import Row, compile_condition
from clinic_publisher.mapping.inspection import Inspection, RowRefused
from clinic_publisher.mapping.kinds import CastFailed, Kind, cast_text, native

# What a compiled part of a mapping is: from a row, its value, or None where the row has none.
Value = Callable[[Row], Any]

SOURCES = ("column", "constant", "template")
KEYS = (*SOURCES, "optional", "values", "otherwise", "cast", "format", "offset", "when")
_DATES = (Kind.DATE, Kind.DATETIME)


def compile_value(node: Any, kind: Kind, place: str, inspection: Inspection) -> Value:
    """A value of `kind`; anything but a dictionary is a constant."""
    if not isinstance(node, dict):
        node = {"constant": node}
    inspection.known_keys(place, node, KEYS)
    if sum(source in node for source in SOURCES) != 1:
        inspection.problem(place, f"a value has one of {', '.join(SOURCES)}")
        return _missing
    _check_keys(node, kind, place, inspection)
    value = _source(node, kind, place, inspection)
    if "offset" in node and kind in _DATES:
        value = _shifted(value, node["offset"], place, inspection)
    if kind in _DATES:
        value = _written(value)
    return only_when(node, value, place, inspection)


def only_when(node: dict, value: Value, place: str, inspection: Inspection) -> Value:
    if "when" not in node:
        return value
    applies = compile_condition(node["when"], f"{place}.when", inspection)
    return lambda row: value(row) if applies(row) else None


def _check_keys(node: dict, kind: Kind, place: str, inspection: Inspection) -> None:
    cast = node.get("cast", kind)
    if cast not in [one.value for one in Kind]:
        inspection.problem(place, f"unknown cast `{cast}` (known: {', '.join(Kind)})")
    elif cast != kind and (cast, kind) != (Kind.INTEGER, Kind.NUMBER):
        inspection.problem(place, f"cast {cast}, but the field takes a {kind}")
    for keyword, fits in (("format", kind in _DATES), ("offset", kind in _DATES), ("otherwise", "values" in node)):
        if keyword in node and not fits:
            wanted = "goes with `values`" if keyword == "otherwise" else "goes with a date or datetime"
            inspection.problem(place, f"`{keyword}` {wanted}")
    if "constant" in node and {"values", "cast", "optional"} & set(node):
        inspection.problem(place, "a constant takes no `values`, `cast` or `optional`")
    if "optional" in node and not ("column" in node and isinstance(node["optional"], bool)):
        inspection.problem(place, "`optional` is true or false, for a column")


def _source(node: dict, kind: Kind, place: str, inspection: Inspection) -> Value:
    if "constant" in node:
        fixed = _constant(node["constant"], kind, place, inspection)
        return lambda row: fixed
    text = (
        _column(node, place, inspection) if "column" in node else compile_template(node["template"], place, inspection)
    )
    if "values" in node:
        return _mapped(text, node, kind, place, inspection)
    return _cast(text, Kind(node["cast"]) if node.get("cast") == Kind.INTEGER else kind, node, place, inspection)


def _column(node: dict, place: str, inspection: Inspection) -> Value:
    column = node["column"]
    if not isinstance(column, str):
        inspection.problem(place, "a column is named by a text")
        return _missing
    if node.get("optional") is not True:
        inspection.needs_column(place, column)
    return lambda row: row.get(column)


def compile_template(template: Any, place: str, inspection: Inspection) -> Value:
    """A text with `{column}`s in it. One empty column leaves the whole value missing."""
    try:
        parts = list(string.Formatter().parse(template))
    except (TypeError, ValueError):
        inspection.problem(place, "a template is a text with {column}s in it (a brace itself is doubled)")
        return _missing
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


def _constant(value: Any, kind: Kind, place: str, inspection: Inspection) -> Any:
    try:
        if kind in _DATES:
            return _constant_date(value, kind, inspection)
        if native(value, kind):
            return value
        if kind is not Kind.TEXT and isinstance(value, str):
            return cast_text(value, kind)
        raise CastFailed(f"a {kind} is wanted" + (" (put it in quotes)" if kind is Kind.TEXT else ""))
    except CastFailed as failure:
        inspection.problem(place, f"constant: {failure}")
        return None


def _constant_date(value: Any, kind: Kind, inspection: Inspection) -> date:
    if isinstance(value, str):
        return dates.parse(value, kind, None, inspection.zone)
    if isinstance(value, date):
        return dates.settle(value, kind, inspection.zone)
    raise CastFailed(f"a {kind} is wanted")


def _mapped(text: Value, node: dict, kind: Kind, place: str, inspection: Inspection) -> Value:
    table = node["values"]
    if not isinstance(table, dict) or not table:
        inspection.problem(f"{place}.values", "a table of cell: value is wanted")
        return _missing
    if any(isinstance(key, bool) for key in table):
        inspection.problem(f"{place}.values", "YAML reads yes, no, true and false as truth values: put them in quotes")
    results = {str(key): _constant(to, kind, f"{place}.values.{key}", inspection) for key, to in table.items()}
    otherwise = _constant(node["otherwise"], kind, f"{place}.otherwise", inspection) if "otherwise" in node else None
    return lambda row: _look_up(text(row), results, otherwise, place)


def _look_up(text: str | None, results: dict[str, Any], otherwise: Any, place: str) -> Any:
    if text is None or text in results:
        return results.get(text) if text is not None else None
    if otherwise is None:
        raise RowRefused(f"{place}: the cell is none of the mapping's `values`")
    return otherwise


def _cast(text: Value, kind: Kind, node: dict, place: str, inspection: Inspection) -> Value:
    pattern, zone = node.get("format"), inspection.zone
    if pattern is not None and not isinstance(pattern, str):
        inspection.problem(place, "`format` is a text such as %d/%m/%Y")

    def cast(row: Row) -> Any:
        cell = text(row)
        if cell is None:
            return None
        try:
            return dates.parse(cell, kind, pattern, zone) if kind in _DATES else cast_text(cell, kind)
        except CastFailed as failure:
            raise RowRefused(f"{place}: {failure}") from None

    return cast


def _shifted(value: Value, node: Any, place: str, inspection: Inspection) -> Value:
    place = f"{place}.offset"
    if not isinstance(node, dict) or not node:
        inspection.problem(place, f"an offset is written {{months: 3}} (units: {', '.join(dates.OFFSET_UNITS)})")
        return value
    inspection.known_keys(place, node, dates.OFFSET_UNITS, "unit")
    amounts = {
        unit: compile_value(amount, _amount_kind(unit), f"{place}.{unit}", inspection)
        for unit, amount in node.items()
        if unit in dates.OFFSET_UNITS
    }
    return lambda row: _shift(value(row), {unit: amount(row) for unit, amount in amounts.items()}, place)


def _amount_kind(unit: str) -> Kind:
    return Kind.INTEGER if unit in ("years", "months") else Kind.NUMBER


def _shift(moment: date | None, amounts: dict[str, float | None], place: str) -> date | None:
    """A date of which the offset is not recorded is not recorded either."""
    known = {unit: amount for unit, amount in amounts.items() if amount is not None}
    if moment is None or len(known) < len(amounts):
        return None
    try:
        return dates.shift(moment, known)
    except CastFailed as failure:
        raise RowRefused(f"{place}: {failure}") from None


def _written(value: Value) -> Value:
    def written(row: Row) -> str | None:
        moment = value(row)
        return None if moment is None else moment.isoformat()

    return written


def _missing(_row: Row) -> None:
    return None
