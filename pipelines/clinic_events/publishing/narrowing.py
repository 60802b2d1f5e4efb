"""What one schema of a single form accepts that another does not, keyword by keyword."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from clinic_events.json_schemas import Schema

_LOWER = {"minimum": float("-inf"), "exclusiveMinimum": float("-inf"), "minLength": 0, "minItems": 0}
_UPPER = dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems"), float("inf"))
_WALKED = {"type", "properties", "required", "items", "anyOf", "$ref", "enum", "const"}
_TYPES = {
    dict: "object",
    list: "array",
    str: "string",
    float: "number",
    int: "integer",
    bool: "boolean",
    type(None): "null",
}
_SILENT = {"title", "description", "examples", "default", "$schema", "$id", "$defs", "$comment"}


def lost_types(old: Schema, new: Schema) -> set[str]:
    return types(old) - types(new)


def types(schema: Schema) -> set[str]:
    """JSON types; every integer is a number too, and what names none may be any."""
    if (values := _values(schema)) is not None and "type" not in schema:
        return {_TYPES[type(value)] for value in values}
    named = schema.get("type", list(_TYPES.values()))
    found = {named} if isinstance(named, str) else set(named)
    return found | {"integer"} if "number" in found else found


def narrowings(old: Schema, new: Schema) -> Iterator[str]:
    """In words, what is narrower in `new`; fields and items are not looked into."""
    values = _values(old)
    if values is not None:
        yield from (f"it no longer accepts {value!r}" for value in values if not _accepts(new, value))
        return
    if _values(new) is not None:
        yield "it accepts only certain values"
    yield from _tightened(old, new)


def _tightened(old: Schema, new: Schema) -> Iterator[str]:
    for keyword in sorted(new.keys() - _WALKED - _SILENT):
        if keyword in _LOWER:
            narrower = new[keyword] > old.get(keyword, _LOWER[keyword])
        elif keyword in _UPPER:
            narrower = new[keyword] < old.get(keyword, _UPPER[keyword])
        else:
            narrower = not keyword.startswith("x-") and new[keyword] != old.get(keyword)
        if narrower:
            yield f"its {_in_words(keyword)} was {old.get(keyword, 'not set')} and is {new[keyword]}"


def _in_words(keyword: str) -> str:
    return re.sub(r"([A-Z])", lambda letter: f" {letter[1].lower()}", keyword)


def _values(schema: Schema) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _accepts(schema: Schema, value: Any) -> bool:
    return jsonschema_rs.is_valid({key: schema[key] for key in schema if key != "$schema"}, value)
