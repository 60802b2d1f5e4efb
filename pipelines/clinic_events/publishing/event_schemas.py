"""The schemas of events as they are published: with an address, and with examples down to each coded field."""

import json
from collections.abc import Iterator
from typing import Any

from clinic_events.catalogue import EVENT_TYPES, EventType
from clinic_events.json_schemas import Schema, event_schema
from clinic_events.publishing.examples import valid_examples
from clinic_events.vocabularies import current_codes, vocabulary

_BASE = "https://meridian.example/schemas/events"
_CODES_SHOWN = 2


def address(kind: EventType) -> str:
    """Names the schema for ever; nothing needs to be fetched from there."""
    return f"{_BASE}/{file_name(kind)}"


def file_name(kind: EventType) -> str:
    return f"{kind.name}.schema.json"


def published_schema(kind: EventType) -> Schema:
    """The contract of `event_schema`, accepting and refusing the same, with more to read."""
    schema = event_schema(kind)
    _show_codes(schema)
    dialect = schema.pop("$schema")
    examples = [document for _, document in valid_examples(kind.name)]
    return {"$schema": dialect, "$id": address(kind), **schema, "examples": examples}


def rendered_schemas() -> Iterator[tuple[str, str]]:
    """File name and content of each schema, as it must stand in `schemas/events/`."""
    for kind in EVENT_TYPES.values():
        yield file_name(kind), json.dumps(published_schema(kind), indent=2, ensure_ascii=False) + "\n"


def _show_codes(node: Any) -> None:
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _show_codes(inner)
    if isinstance(node, dict) and "examples" not in node and (name := node.get("x-vocabulary")):
        node["examples"] = [code for code in vocabulary(name) if code in current_codes(name)][:_CODES_SHOWN]
