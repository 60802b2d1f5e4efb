"""JSON Schema 2020-12 of every event, from the same types that read them."""

from collections.abc import Sequence
from copy import deepcopy
from inspect import cleandoc
from typing import Any

import msgspec

from clinic_events.catalogue import EventType
from clinic_events.envelope import Envelope

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def event_schema(kind: EventType) -> Schema:
    """The contract of one whole event. Unknown fields are allowed: they are flagged and go no further."""
    parts = {name: _open(part) for name, part in schemas_of([Envelope, kind.data], "#/$defs/").items()}
    envelope = parts.pop("Envelope")
    properties = envelope["properties"]
    properties["type"] = {**properties["type"], "const": kind.name}
    properties["schemaversion"] = {**_said(properties["schemaversion"]), "const": kind.version, "default": kind.version}
    properties["data"] = {"$ref": f"#/$defs/{kind.data.__name__}"}
    if kind.about_patient:
        envelope["required"] = [*envelope["required"], "subject"]
        properties["subject"] = without_null(properties["subject"])
    purpose = parts[kind.data.__name__]["description"]
    return {"$schema": _DIALECT, **envelope, "title": kind.name, "description": purpose, "$defs": parts}


def explaining_schema(record: type) -> Schema:
    """The schema of one type for documents whose nulls were taken out, so that an error names its cause."""
    parts = {name: _only_values(part) for name, part in schemas_of([record], "#/$defs/").items()}
    if record is Envelope:
        parts["Envelope"]["properties"]["data"] = {"type": "object"}
    return {"$schema": _DIALECT, "$ref": f"#/$defs/{record.__name__}", "$defs": parts}


def schemas_of(types: Sequence[type], place: str) -> dict[str, Schema]:
    """The schema of each type and of all that it refers to, by name; references lead to `place` and the name."""
    _, components = msgspec.json.schema_components(types, ref_template=place + "{name}")
    return {name: _tidy(part) for name, part in components.items()}


def without_null(schema: Schema) -> Schema:
    """`anyOf: [X, null]` is X where null stands for absent."""
    options = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
    return options[0] if len(options) == 1 else schema


def _tidy(part: Schema) -> Schema:
    """A docstring without the indentation of its source."""
    return {**part, "description": cleandoc(part["description"])} if "description" in part else part


def _said(schema: Schema) -> Schema:
    return {key: schema[key] for key in ("description", "examples") if key in schema}


def _open(part: Schema) -> Schema:
    part = deepcopy(part)
    part.pop("additionalProperties", None)
    return part


def _only_values(part: Schema) -> Schema:
    part = _open(part)
    part["properties"] = {name: without_null(schema) for name, schema in part["properties"].items()}
    return part
