"""The data of an event, as its type in the catalogue has it: fields, objects in objects, and lists."""

from collections.abc import Callable
from typing import Any

import msgspec.inspect as inspect

from clinic_publisher.mapping.inspection import Inspection
from clinic_publisher.mapping.kinds import kind_of, plain_type
from clinic_publisher.mapping.row import Row, Value, missing
from clinic_publisher.mapping.values import compile_value, only_when


def compile_fields(node: Any, struct: type, place: str, inspection: Inspection) -> Callable[[Row], dict[str, Any]]:
    """The `data` of an event: a function from a row to the fields that the row has."""
    kind = inspect.type_info(struct)
    assert isinstance(kind, inspect.StructType)
    value = _compile_object(node if node is not None else {}, kind, place, inspection)
    return lambda row: value(row) or {}


def _compile(node: Any, kind: inspect.Type, place: str, inspection: Inspection) -> Value:
    kind = plain_type(kind)
    if isinstance(kind, inspect.StructType):
        return _compile_object(node, kind, place, inspection)
    if isinstance(kind, inspect.ListType):
        return _compile_list(node, kind.item_type, place, inspection)
    return compile_value(node, kind_of(kind), place, inspection)


def _compile_object(node: Any, struct: inspect.StructType, place: str, inspection: Inspection) -> Value:
    if not isinstance(node, dict):
        inspection.problem(place, "fields are wanted, written name: value")
        return missing
    fields = {field.encode_name: field for field in struct.fields}
    inspection.known_keys(place, [key for key in node if key != "when"], fields, "field")
    for name, field in fields.items():
        if field.required and name not in node:
            inspection.problem(place, f"the required field `{name}` is not mapped")
    parts = {
        name: _compile(node[name], fields[name].type, f"{place}.{name}", inspection) for name in fields if name in node
    }
    return only_when(node, _object(parts), place, inspection)


def _object(parts: dict[str, Value]) -> Value:
    def build(row: Row) -> dict[str, Any] | None:
        # What a row does not have is left out: missing is missing, never null, zero or empty.
        built = {name: value for name, part in parts.items() if (value := part(row)) is not None}
        return built or None

    return build


def _compile_list(node: Any, item: inspect.Type, place: str, inspection: Inspection) -> Value:
    if not isinstance(node, list):
        inspection.problem(place, "a list is wanted")
        return missing
    parts = [_compile(one, item, f"{place}[{i}]", inspection) for i, one in enumerate(node)]
    return lambda row: [value for part in parts if (value := part(row)) is not None] or None
