"""JSON Schema 2020-12 of every event, from the same types that read them."""

from copy import deepcopy
from typing import Any

import msgspec

from clinic_events.catalogue import EVENT_TYPES, EventType
from clinic_events.envelope import Envelope

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def event_schema(kind: EventType) -> Schema:
    """The contract of one whole event. Unknown fields are allowed: they are flagged and go no further."""
    _, components = msgspec.json.schema_components([Envelope, kind.data], ref_template="#/$defs/{name}")
    parts = {name: _open(part) for name, part in components.items()}
    envelope = parts.pop("Envelope")
    properties = envelope["properties"]
    properties["type"] = {**properties["type"], "const": kind.name}
    properties["schemaversion"] = {"const": kind.version, "default": kind.version}
    properties["data"] = {"$ref": f"#/$defs/{kind.data.__name__}"}
    if kind.about_patient:
        envelope["required"] = [*envelope["required"], "subject"]
        properties["subject"] = without_null(properties["subject"])
    return {"$schema": _DIALECT, **envelope, "title": kind.name, "description": kind.data.__doc__, "$defs": parts}


def explaining_schema(record: type) -> Schema:
    """The schema of one type for documents whose nulls were taken out, so that an error names its cause."""
    (_,), components = msgspec.json.schema_components([record], ref_template="#/$defs/{name}")
    parts = {name: _only_values(part) for name, part in components.items()}
    if record is Envelope:
        parts["Envelope"]["properties"]["data"] = {"type": "object"}
    return {"$schema": _DIALECT, "$ref": f"#/$defs/{record.__name__}", "$defs": parts}


def without_null(schema: Schema) -> Schema:
    """`anyOf: [X, null]` is X where null stands for absent."""
    options = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
    return options[0] if len(options) == 1 else schema


def all_event_schemas() -> dict[str, Schema]:
    """By the name of its file in `schemas/events/`."""
    return {f"{kind.name}.schema.json": event_schema(kind) for kind in EVENT_TYPES.values()}


def _open(part: Schema) -> Schema:
    part = deepcopy(part)
    part.pop("additionalProperties", None)
    return part


def _only_values(part: Schema) -> Schema:
    part = _open(part)
    part["properties"] = {name: without_null(schema) for name, schema in part["properties"].items()}
    return part
