"""One value of an event: where it comes from (column, constant, template) and what is done to it."""

from datetime import date
from typing import Any

from clinic_publisher.mapping import dates
from clinic_publisher.mapping.conditions import compile_condition
from clinic_publisher.mapping.inspection import Inspection, RowRefused
from clinic_publisher.mapping.kinds import CastFailed, Kind, a, cast_text
from clinic_publisher.mapping.row import Row, Value, missing
from clinic_publisher.mapping.value_sources import constant, from_column, from_table, from_template

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
        return missing
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
        inspection.problem(place, f"cast {cast}, but the field takes {a(kind)}")
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
        fixed = constant(node["constant"], kind, place, inspection)
        return lambda row: fixed
    text = (
        from_column(node, place, inspection) if "column" in node else from_template(node["template"], place, inspection)
    )
    if "values" in node:
        return from_table(text, node, kind, place, inspection)
    return _cast(text, Kind(node["cast"]) if node.get("cast") == Kind.INTEGER else kind, node, place, inspection)


def _cast(text: Value, kind: Kind, node: dict, place: str, inspection: Inspection) -> Value:
    pattern, zone = node.get("format"), inspection.zone
    if pattern is not None and not (isinstance(pattern, str) and dates.is_format(pattern)):
        inspection.problem(place, "`format` is a text that `strptime` understands, such as %d/%m/%Y")

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
