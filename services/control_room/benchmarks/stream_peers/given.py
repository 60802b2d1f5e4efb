"""What every peer is given: the broker, the clinics' topics, the keys, and the name of its consumer group."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from network_registry.connections import Connection, platform_connection
from network_registry.database import open_registry
from network_registry.home import Home
from network_registry.keys import network_key, pseudonym_key, quarantine_key
from network_registry.settings import load_settings
from session_stream.clinics_followed import ClinicsFollowed
from session_stream.decide import Output, decide
from session_stream.pseudonyms import StreamKeys
from session_stream.topic_identities import look_up


class Fetched(msgspec.Struct, frozen=True, gc=False):
    """A record as `decide` wants it."""

    offset: int
    timestamp: int
    value: bytes | None


@dataclass(frozen=True)
class Given:
    connection: Connection
    group: str
    keys: StreamKeys
    clinics: ClinicsFollowed

    @property
    def topics(self) -> list[str]:
        return self.clinics.topics

    def decided(self, topic: str, partition: int, records: Iterable[Fetched]) -> list[Output]:
        """What Meridian's own stream sends on of these records."""
        return decide(records, self.clinics.source(topic, partition), self.keys)


# What the network asks of whoever writes its topics.
SAFE_PRODUCER: dict[str, Any] = {"acks": "all", "enable.idempotence": True, "compression.type": "lz4"}


def given(group: str) -> Given:
    settings = load_settings()
    home = Home(settings.home)
    connection = platform_connection(home, settings)
    clinics = ClinicsFollowed(open_registry(home), partial(look_up, connection))
    clinics.refresh()
    return Given(connection, group, StreamKeys(pseudonym_key(home), network_key(home), quarantine_key(home)), clinics)
