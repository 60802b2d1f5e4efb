"""The clinics whose topics are read, and the identities of those topics: looked up, never guessed.

A suspended clinic is among them: it may publish no more, and what it had published before is still read to its end.
"""

import logging
from collections.abc import Callable, Iterable

from sqlalchemy import Engine

from network_registry.clinics import list_clinics
from session_stream.decide import Source
from session_stream.topic_identities import TopicIdentity

log = logging.getLogger(__name__)

LookUp = Callable[[Iterable[str]], dict[str, TopicIdentity]]


class NoClinics(Exception):
    """There is no clinic whose topics are there: nothing to read."""


class TopicReplaced(Exception):
    """A topic was made anew under its old name. Going on would give its events the origins of earlier ones."""


class ClinicsFollowed:
    """`look_up` asks the broker (`topic_identities.look_up`); the registry says which clinics there are."""

    def __init__(self, registry: Engine, look_up: LookUp) -> None:
        self._registry, self._look_up = registry, look_up
        self._identities: dict[str, TopicIdentity] = {}
        self._settled: set[tuple[str, bool]] = set()
        self.topics: list[str] = []

    def refresh(self) -> None:
        """Follow the registry. Raises `NoClinics`, `TopicReplaced` and what `look_up` raises."""
        registered = {(clinic.clinic_id, clinic.is_active) for clinic in list_clinics(self._registry)}
        if not registered:
            raise NoClinics("no clinic is registered")
        if registered == self._settled:
            return
        found = self._look_up(sorted(clinic_id for clinic_id, _ in registered))
        if not found:
            raise NoClinics("no clinic has its topics yet")
        self._adopt(found)
        self._settle(registered, {identity.clinic_id for identity in found.values()})
        self.topics, before = sorted(found), self.topics
        if self.topics != before:
            log.info("reading %d clinics, %d without topics", len(found), len(registered) - len(found))

    def verify(self) -> None:
        """Raises `TopicReplaced` when a topic is not the one it was."""
        self._adopt(self._look_up([self._identities[topic].clinic_id for topic in self.topics]))

    def source(self, topic: str, partition: int) -> Source:
        known = self._identities[topic]
        return Source(known.clinic_id, known.cluster_id, topic, known.topic_id, partition)

    def _settle(self, registered: set[tuple[str, bool]], with_topics: set[str]) -> None:
        """An active clinic whose topics are not there yet is asked for again at the next poll; a suspended one that
        has none gets none."""
        self._settled = {each for each in registered if each[0] in with_topics or not each[1]}

    def _adopt(self, found: dict[str, TopicIdentity]) -> None:
        for topic, identity in found.items():
            if self._identities.setdefault(topic, identity) != identity:
                raise TopicReplaced(f"{topic} is not the topic it was when this worker began")
