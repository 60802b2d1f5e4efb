"""The names and shapes of the network's topics, from `schemas/topics.yaml`."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

EVENTS = "network.events"
QUARANTINE = "network.quarantine"
ALERTS = "network.alerts"
NETWORK_TOPICS = (EVENTS, QUARANTINE, ALERTS)
STREAM_GROUP = "meridian-session-stream"

_EVENTS_TOPIC = re.compile(r"clinic\.([a-z0-9-]{2,40})\.events")


@dataclass(frozen=True)
class TopicSpec:
    partitions: int
    config: dict[str, str]


def events_topic(clinic_id: str) -> str:
    return f"clinic.{clinic_id}.events"


def receipts_topic(clinic_id: str) -> str:
    return f"clinic.{clinic_id}.receipts"


def clinic_of(topic: str) -> str | None:
    """The clinic that a topic of events belongs to; None for any other topic."""
    match = _EVENTS_TOPIC.fullmatch(topic)
    return match.group(1) if match else None


@cache
def topic_specs(schemas: Path) -> dict[str, TopicSpec]:
    """Every kind of topic by its name, with `{clinic_id}` left as it stands; `schemas` is the bundled folder."""
    kinds = yaml.safe_load((schemas / "topics.yaml").read_text())
    return {name: TopicSpec(kind["partitions"], kind["config"]) for name, kind in kinds.items()}
