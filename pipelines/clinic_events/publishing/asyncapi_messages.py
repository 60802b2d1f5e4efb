"""The messages of every topic: events by their published schemas, the network's records by schemas of their types."""

from typing import Any

from clinic_events import network_records
from clinic_events.catalogue import EVENT_TYPES
from clinic_events.json_schemas import schemas_of
from clinic_events.publishing.asyncapi_channels import BINDING, Topic
from clinic_events.publishing.event_schemas import file_name

Document = dict[str, Any]

_FORMAT = "application/schema+json;version=draft-2020-12"
_SCHEMAS = "#/components/schemas/"
_EVENTS = {kind.data.__name__: kind for kind in EVENT_TYPES.values()}


def messages(known: list[Topic]) -> Document:
    return {record: _message(record, topic) for topic in known for record in topic.records}


def record_schemas(known: list[Topic]) -> Document:
    """Of what the platform itself writes, with all that their types refer to."""
    written = [record for topic in known for record in topic.records if record not in _EVENTS]
    return schemas_of([getattr(network_records, record) for record in written], _SCHEMAS)


def _message(record: str, topic: Topic) -> Document:
    kind = _EVENTS.get(record)
    data = kind.data if kind else getattr(network_records, record)
    place = f"./events/{file_name(kind)}" if kind else _SCHEMAS + record
    return {
        "name": kind.name if kind else record,
        "title": kind.name if kind else record,
        "summary": " ".join((data.__doc__ or "").split()),
        "contentType": "application/json",
        "payload": {"schemaFormat": _FORMAT, "schema": {"$ref": place}},
        "bindings": {"kafka": {**_key(topic), "bindingVersion": BINDING}},
    }


def _key(topic: Topic) -> Document:
    return {} if topic.key == "none" else {"key": {"type": "string", "description": f"{topic.key.capitalize()}."}}
