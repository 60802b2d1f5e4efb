"""Ask the broker about topics and groups, with kafka-python: aiokafka does not know topic ids."""

from collections.abc import Iterator
from contextlib import contextmanager

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from network_registry.connections import Connection

_TIMEOUT_MS = 10_000


class BrokerUnreachable(Exception):
    """The broker does not answer, or does not take the platform's credential."""


@contextmanager
def administration(connection: Connection) -> Iterator[KafkaAdminClient]:
    """Raises `BrokerUnreachable`, also for what fails inside the block."""
    try:
        with KafkaAdminClient(**connection.kafka_python(), bootstrap_timeout_ms=_TIMEOUT_MS) as admin:
            yield admin
    except (KafkaError, OSError) as error:
        # kafka-python cannot tell a wrong password from a broker that is down.
        said = f"{type(error).__name__}, no answer or credential of {connection.username} refused"
        raise BrokerUnreachable(f"the broker at {connection.bootstrap}: {said}") from None
