"""Bring a document to what the contract knows: drop unknown fields and nulls, cut long texts, and say so."""

from functools import cache
from typing import Any

from clinic_events.json_schemas import Schema, explaining_schema
from clinic_events.reasons import Reason


@cache
def schema_of(record: type) -> Schema:
    return explaining_schema(record)


def clean(document: Any, record: type, path: str, flags: set[Reason]) -> Any:
    """A copy of `document` with only what `record` knows; adds to `flags`. An unknown key is told at its parent only:
    it can be a person's name."""
    return _clean(document, schema_of(record), schema_of(record)["$defs"], path, flags)


def _clean(value: Any, schema: Schema, parts: Schema, path: str, flags: set[Reason]) -> Any:
    schema = parts[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    if isinstance(value, dict) and "properties" in schema:
        return _clean_object(value, schema["properties"], parts, path, flags)
    if isinstance(value, list) and "items" in schema:
        return [_clean(item, schema["items"], parts, f"{path}/{n}", flags) for n, item in enumerate(value)]
    return _clean_scalar(value, schema, path, flags)


def _clean_object(value: dict, known: Schema, parts: Schema, path: str, flags: set[Reason]) -> dict:
    if value.keys() - known.keys():
        flags.add(Reason("unknown_field", path))
    return {
        name: _clean(value[name], schema, parts, f"{path}/{name}", flags)
        for name, schema in known.items()
        if value.get(name) is not None
    }


def _clean_scalar(value: Any, schema: Schema, path: str, flags: set[Reason]) -> Any:
    if schema.get("type") == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)  # to JSON Schema 3.0 is a whole number, to a typed reader it is not
    # An identifier is never cut: two patients could become one. Only those have a least length.
    if isinstance(value, str) and "minLength" not in schema and len(value) > schema.get("maxLength", len(value)):
        flags.add(Reason("too_long", path))
        return value[: schema["maxLength"]]
    return value
