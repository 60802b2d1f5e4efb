"""Conditions ("only when"): for which rows a part of a mapping applies."""

from collections.abc import Callable
from typing import Any

from clinic_publisher.mapping.inspection import Inspection
from clinic_publisher.mapping.kinds import CastFailed, Kind, cast_text
from clinic_publisher.mapping.row import Row

Condition = Callable[[Row], bool]

TESTS = ("is", "not", "in", "filled")
_KEYS = ("column", *TESTS)


def compile_condition(node: Any, place: str, inspection: Inspection) -> Condition:
    """A condition, or a list of conditions that must all hold, or `any:` with a list of which one must."""
    if isinstance(node, list):
        return _all([compile_condition(part, f"{place}[{i}]", inspection) for i, part in enumerate(node)])
    if not isinstance(node, dict):
        inspection.problem(place, "a condition is written {column: ..., is: ...}")
        return _always
    if "any" in node:
        return _compile_any(node, place, inspection)
    return _compile_test(node, place, inspection)


def _compile_any(node: dict, place: str, inspection: Inspection) -> Condition:
    inspection.known_keys(place, node, ("any",))
    if not isinstance(node["any"], list) or not node["any"]:
        inspection.problem(f"{place}.any", "a list of conditions is wanted")
        return _always
    parts = [compile_condition(part, f"{place}.any[{i}]", inspection) for i, part in enumerate(node["any"])]
    return lambda row: any(part(row) for part in parts)


def _compile_test(node: dict, place: str, inspection: Inspection) -> Condition:
    inspection.known_keys(place, node, _KEYS)
    column, tests = node.get("column"), [name for name in TESTS if name in node]
    if not isinstance(column, str):
        inspection.problem(place, "a condition names its `column`")
        return _always
    inspection.needs_column(place, column)
    if len(tests) != 1:
        inspection.problem(place, f"a condition has one of {', '.join(TESTS)}")
        return _always
    return _test(column, tests[0], node[tests[0]], place, inspection)


def _test(column: str, name: str, wanted: Any, place: str, inspection: Inspection) -> Condition:
    if name == "filled":
        if not isinstance(wanted, bool):
            inspection.problem(f"{place}.filled", "true or false is wanted")
        return lambda row: (row.get(column) is not None) == wanted
    if name == "in":
        if not isinstance(wanted, list) or not wanted:
            inspection.problem(f"{place}.in", "a list of values is wanted")
            return _always
        matchers = [_equals(one, f"{place}.in", inspection) for one in wanted]
        return lambda row: any(matches(row.get(column)) for matches in matchers)
    matches = _equals(wanted, f"{place}.{name}", inspection)
    return lambda row: matches(row.get(column)) == (name == "is")


def _equals(wanted: Any, place: str, inspection: Inspection) -> Callable[[str | None], bool]:
    """A number is compared as a number (0 is 0.0), a text letter by letter. An empty cell equals nothing."""
    if isinstance(wanted, str):
        return lambda text: text == wanted
    if isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
        return lambda text: text is not None and _as_number(text) == wanted
    inspection.problem(place, "a text or a number is wanted (yes, no, true and false need quotes)")
    return lambda text: False


def _as_number(text: str) -> float | None:
    try:
        return cast_text(text, Kind.NUMBER)
    except CastFailed:
        return None


def _all(parts: list[Condition]) -> Condition:
    return lambda row: all(part(row) for part in parts)


def _always(_row: Row) -> bool:
    return True
