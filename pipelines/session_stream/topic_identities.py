"""Which topics these really are: a topic that was made anew has the same name and offsets, and another id."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from network_registry.connections import Connection
from network_registry.topics import NETWORK_TOPICS, events_topic, receipts_topic
from session_stream.broker_admin import administration


class TopicsMissing(Exception):
    """The network's own topics are not there: without them nothing can be passed on."""


@dataclass(frozen=True)
class TopicIdentity:
    clinic_id: str
    cluster_id: str
    topic: str
    topic_id: str


def look_up(connection: Connection, clinic_ids: Iterable[str]) -> dict[str, TopicIdentity]:
    """The events topics of these clinics, by name, as the broker has them now.

    A clinic whose events or receipts topic is not there yet is left out. Raises `BrokerUnreachable`, `TopicsMissing`.
    """
    clinic_ids = list(clinic_ids)
    cluster_id, ids = _describe(connection, [*NETWORK_TOPICS, *_topics_of(clinic_ids)])
    if missing := [topic for topic in NETWORK_TOPICS if topic not in ids]:
        raise TopicsMissing(f"the broker has no topic {', '.join(missing)}")
    return {
        topic: TopicIdentity(clinic_id, cluster_id, topic, ids[topic])
        for clinic_id in clinic_ids
        if (topic := events_topic(clinic_id)) in ids and receipts_topic(clinic_id) in ids
    }


def _topics_of(clinic_ids: Iterable[str]) -> list[str]:
    return [name(clinic_id) for clinic_id in clinic_ids for name in (events_topic, receipts_topic)]


def _describe(connection: Connection, topics: list[str]) -> tuple[str, dict[str, str]]:
    with administration(connection) as admin:
        cluster, described = admin.describe_cluster(), admin.describe_topics(topics)
    return cluster["cluster_id"], {each["name"]: str(each["topic_id"]) for each in described if _is_there(each)}


def _is_there(described: dict) -> bool:
    return described["error_code"] == 0 and uuid.UUID(str(described["topic_id"])).int != 0
