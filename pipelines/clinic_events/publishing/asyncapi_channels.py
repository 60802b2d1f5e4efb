"""The topics of `schemas/topics.yaml` as AsyncAPI channels, and what the platform does with each."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.resources import bundled

Document = dict[str, Any]
BINDING = "0.5.0"

_CLINIC_ID = {"description": "The clinic: 2 to 40 of a-z, 0-9 and `-`.", "examples": ["north-bridge"]}
# What binding 0.5.0 knows by name; the rest of a topic's configuration is the operator's business.
_NUMBERS = ("retention.ms", "max.message.bytes")
_EVENTS = "clinic.{clinic_id}.events"
_NOTES = {
    _EVENTS: " A clinic's credential may write here and nowhere else.",
    "clinic.{clinic_id}.receipts": " To be read without a consumer group: a clinic's credential has no right to one.",
}


@dataclass(frozen=True)
class Topic:
    """A kind of topic; `records` are the names of the types that it may hold."""

    address: str
    about: str
    key: str
    partitions: int
    config: dict[str, str]
    records: tuple[str, ...]

    @property
    def name(self) -> str:
        """`clinic.{clinic_id}.events` is the channel `clinicEvents`."""
        first, *rest = re.findall(r"[a-z]+", self.address.replace("{clinic_id}", ""))
        return first + "".join(word.capitalize() for word in rest)


def topics() -> list[Topic]:
    kinds = yaml.safe_load((bundled("schemas") / "topics.yaml").read_text())
    return [_topic(address, kind) for address, kind in kinds.items()]


def channels(known: list[Topic]) -> Document:
    return {topic.name: _channel(topic) for topic in known}


def operations(known: list[Topic]) -> Document:
    """Of the platform: it receives what clinics say, and sends all else."""
    return {_operation_name(topic): _operation(topic) for topic in known}


def _topic(address: str, kind: Document) -> Topic:
    events = tuple(event.data.__name__ for event in EVENT_TYPES.values())
    records = events if address == _EVENTS else tuple(kind["value"].split(" or "))
    return Topic(address, kind["about"], kind["key"], kind["partitions"], kind["config"], records)


def _channel(topic: Topic) -> Document:
    configuration = {name: int(topic.config[name]) for name in _NUMBERS if name in topic.config}
    parameters = {"parameters": {"clinic_id": _CLINIC_ID}} if "{clinic_id}" in topic.address else {}
    kafka = {"partitions": topic.partitions, "topicConfiguration": configuration, "bindingVersion": BINDING}
    return {
        "address": topic.address,
        "description": f"{topic.about[0].upper()}{topic.about[1:]}.{_NOTES.get(topic.address, '')}",
        **parameters,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in topic.records},
        "bindings": {"kafka": kafka},
    }


def _operation_name(topic: Topic) -> str:
    verb = "receive" if topic.address == _EVENTS else "send"
    return verb + topic.name[0].upper() + topic.name[1:]


def _operation(topic: Topic) -> Document:
    return {
        "action": "receive" if topic.address == _EVENTS else "send",
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": f"{topic.about[0].upper()}{topic.about[1:]}.",
        "messages": [{"$ref": f"#/channels/{topic.name}/messages/{name}"} for name in topic.records],
    }
