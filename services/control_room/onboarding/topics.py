"""Create topics as `schemas/topics.yaml` shapes them; those that exist stay as they are."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from clinic_events.resources import bundled
from control_room.broker.readiness import probe
from control_room.onboarding.failures import OnboardingFailed
from network_registry.connections import Connection
from network_registry.topics import NETWORK_TOPICS, TopicSpec, events_topic, receipts_topic, topic_specs

TIMEOUT_MS = 60_000
_ALREADY_THERE = 36  # TOPIC_ALREADY_EXISTS


@contextmanager
def administration(connection: Connection) -> Iterator[KafkaAdminClient]:
    """An administration client. Raises `BrokerUnreachable`, `CredentialRefused`; all else is `OnboardingFailed`."""
    # Proved first: the client alone would take half a minute to say that it cannot get in, and not why.
    probe(connection)
    try:
        with KafkaAdminClient(**connection.kafka_python()) as admin:
            yield admin
    except KafkaError as fault:
        raise OnboardingFailed(f"the broker at {connection.bootstrap} did not do it: {fault}") from None


def create_network_topics(connection: Connection) -> None:
    """Create the network's own topics where they are missing."""
    specs = topic_specs(bundled("schemas"))
    with administration(connection) as admin:
        create_topics(admin, {name: specs[name] for name in NETWORK_TOPICS})


def clinic_topics(clinic_ids: Iterable[str]) -> dict[str, TopicSpec]:
    """The two topics of each clinic."""
    specs = topic_specs(bundled("schemas"))
    events, receipts = specs[events_topic("{clinic_id}")], specs[receipts_topic("{clinic_id}")]
    pairs = [{events_topic(each): events, receipts_topic(each): receipts} for each in clinic_ids]
    return {name: spec for pair in pairs for name, spec in pair.items()}


def create_topics(admin: KafkaAdminClient, topics: Mapping[str, TopicSpec]) -> None:
    """Return when every topic has a leader for every partition. Raises `OnboardingFailed`."""
    wanted = {name: {"num_partitions": spec.partitions, "configs": spec.config} for name, spec in topics.items()}
    answer = admin.create_topics(wanted, timeout_ms=TIMEOUT_MS, raise_errors=False)
    for topic in answer["topics"]:
        if topic["error_code"] not in (0, _ALREADY_THERE):
            raise OnboardingFailed(f"the topic {topic['name']} could not be created: {topic['error_message']}")
    admin.wait_for_topics(list(topics), timeout_ms=TIMEOUT_MS)
