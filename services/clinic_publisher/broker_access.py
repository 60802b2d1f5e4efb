"""A clinic's way to the broker: tried first, so that a wrong password or a broker that is down is one clear line."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import OffsetSpec  # pyright: ignore  (it brings stubs of an older kafka-python)
from kafka.errors import KafkaError, RetriableError  # pyright: ignore
from kafka.net.compat import KafkaNetClient
from kafka.structs import TopicPartition

from network_registry.connections import Connection
from network_registry.topics import events_topic, receipts_topic

_CONNECT_SECONDS = 3.0
_ANSWER_MS = 10_000
_TOPICS_APPEAR_SECONDS, _LOOK_AGAIN_SECONDS = 5.0, 0.1
_ASK_AGAIN_SECONDS = 0.5


class BrokerUnreachable(Exception):
    """The broker does not answer, now. One line."""


class AccessRefused(Exception):
    """The broker answers and does not let this clinic in: waiting does not help. One line."""


@dataclass(frozen=True)
class BrokerView:
    """The identity of the cluster and of the clinic's two topics: any of them changes when its data are lost."""

    cluster_id: str
    events_topic_id: str
    receipts_topic_id: str
    partitions: int


def try_credential(connection: Connection, clinic_id: str) -> None:
    """Raises `BrokerUnreachable` or `AccessRefused` within seconds."""
    # A broker that is killed while it is asked hangs up like one that refuses: that one does it again.
    if _lets_in(connection):
        return
    time.sleep(_ASK_AGAIN_SECONDS)
    if not _lets_in(connection):
        raise AccessRefused(f"the broker at {connection.bootstrap} refused the credential of clinic {clinic_id}")


def _lets_in(connection: Connection) -> bool:
    """Whether the broker takes the credential. Raises `BrokerUnreachable`."""
    _reach(connection.bootstrap)
    options: dict[str, Any] = {**connection.kafka_python(), "request_timeout_ms": _ANSWER_MS}
    client: Any = KafkaNetClient(**options)
    node = client._manager.get_connection(client.cluster.bootstrap_brokers()[0].node_id)

    async def authenticated() -> None:
        await node

    try:
        client._net.run(authenticated)
    except KafkaError as error:
        # Kafka hangs up on a wrong password, and kafka-python cannot say more of it than "disconnected". But a broker
        # that has told its version before it hung up is there: what it did not like is the credential.
        if node.broker_version is None:
            raise BrokerUnreachable(f"the broker at {connection.bootstrap} does not answer ({error})") from None
        return False
    finally:
        client.close()
    return True


def _reach(bootstrap: str) -> None:
    host, _, port = bootstrap.split(",")[0].strip().rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=_CONNECT_SECONDS).close()
    except ValueError:
        raise AccessRefused(f"not the address of a broker (host:port): {bootstrap}") from None
    except OSError as error:
        raise BrokerUnreachable(f"no broker at {bootstrap} ({error.strerror or error})") from None


@contextmanager
def broker_errors(bootstrap: str) -> Iterator[None]:
    """Every error of kafka-python as one of the two that a publisher acts on."""
    try:
        yield
    except KafkaError as error:
        raise as_access_error(error, bootstrap) from None


def as_access_error(error: KafkaError, bootstrap: str) -> BrokerUnreachable | AccessRefused:
    name = type(error).__name__
    if isinstance(error, RetriableError):
        return BrokerUnreachable(f"the broker at {bootstrap} does not answer ({name})")
    return AccessRefused(f"the broker at {bootstrap} refused the request ({name})")


def look(connection: Connection, clinic_id: str) -> BrokerView:
    """Which cluster and topics stand behind the address now."""
    _reach(connection.bootstrap)
    deadline = time.monotonic() + _TOPICS_APPEAR_SECONDS
    with broker_errors(connection.bootstrap), _admin(connection) as admin:
        while (view := _view(admin, clinic_id)) is None:
            if time.monotonic() > deadline:
                raise AccessRefused(
                    f"the broker at {connection.bootstrap} has no topics for clinic {clinic_id}: add it first"
                )
            time.sleep(_LOOK_AGAIN_SECONDS)
    return view


def _view(admin: Any, clinic_id: str) -> BrokerView | None:
    """None while the broker does not show the clinic both topics, as for a moment after it was added."""
    topics = {topic["name"]: topic for topic in admin.describe_topics(list(_topics(clinic_id)))}
    events, receipts = (topics.get(name, {}) for name in _topics(clinic_id))
    if events.get("error_code") != 0 or receipts.get("error_code") != 0:
        return None
    cluster_id = admin.describe_cluster()["cluster_id"]
    return BrokerView(cluster_id, str(events["topic_id"]), str(receipts["topic_id"]), len(events["partitions"]))


def end_offsets(connection: Connection, clinic_id: str, view: BrokerView) -> dict[int, int]:
    """By partition of the clinic's events topic, the offset that the next record will get."""
    asked = {TopicPartition(events_topic(clinic_id), p): OffsetSpec.LATEST for p in range(view.partitions)}
    with broker_errors(connection.bootstrap), _admin(connection) as admin:
        return {place.partition: found.offset for place, found in admin.list_partition_offsets(asked).items()}


def _topics(clinic_id: str) -> tuple[str, str]:
    return events_topic(clinic_id), receipts_topic(clinic_id)


@contextmanager
def _admin(connection: Connection) -> Iterator[Any]:
    options: dict[str, Any] = {**connection.kafka_python(), "bootstrap_timeout_ms": _ANSWER_MS}
    admin = KafkaAdminClient(**options, request_timeout_ms=_ANSWER_MS)
    try:
        yield admin
    finally:
        admin.close()
