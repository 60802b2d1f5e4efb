"""Fetches that name only what has changed since the one before (KIP-227), which aiokafka 0.14.0 does not know.

Without them every fetch names every partition, and the broker answers for each: for 400 quiet partitions 30 ms of a
processor, again and again, while records wait. In a session the broker remembers what is read and from where. A fetch
whose outcome is unknown ends it: the next one names everything, as the very first did.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.fetch import FetchRequest

# What a fetch says of a partition, as aiokafka has it: its number, the offset to read from, and how many bytes at most.
Wanted = tuple[int, int, int]
# By topic.
Topics = list[tuple[str, list[Wanted]]]

# The first version of a fetch that can be part of a session.
_FIRST_VERSION = 7
_LAST_EPOCH = 2**31 - 1


@dataclass(frozen=True)
class Asked:
    """What is said in one fetch. `epoch` counts the fetches of a session; 0 begins one, and ends the one named."""

    session_id: int
    epoch: int
    topics: Topics
    forgotten: list[tuple[str, list[int]]]


class FetchSession:
    """What one broker remembers of one consumer, as far as it is certain."""

    def __init__(self) -> None:
        self._id, self._epoch = 0, 0
        self._known: dict[tuple[str, int], Wanted] = {}

    def ask(self, topics: Topics) -> Asked:
        """For a fetch of exactly these partitions; to be followed by `answered` or `begin_anew`."""
        wanted = {(topic, one[0]): one for topic, partitions in topics for one in partitions}
        known, self._known = self._known, wanted
        if self._epoch == 0:
            return Asked(self._id, 0, topics, [])
        changed = [(place, one) for place, one in wanted.items() if known.get(place) != one]
        forgotten = [(place, place[1]) for place in known if place not in wanted]
        return Asked(self._id, self._epoch, _by_topic(changed), _by_topic(forgotten))

    def answered(self, error_code: int, session_id: int) -> None:
        """An error is about the session as a whole, and comes without records. No id: the broker keeps no more."""
        if error_code or not session_id:
            self.begin_anew()
        else:
            self._id, self._epoch = session_id, self._epoch % _LAST_EPOCH + 1

    def begin_anew(self) -> None:
        self._epoch = 0


def _by_topic(found: Iterable[tuple[tuple[str, int], Any]]) -> list[tuple[str, list[Any]]]:
    topics: dict[str, list[Any]] = defaultdict(list)
    for (topic, _), one in found:
        topics[topic].append(one)
    return list(topics.items())


class _FetchInSession(FetchRequest):
    """aiokafka's request, cut down to what its session does not know when it is written."""

    def __init__(self, whole: FetchRequest, session: FetchSession) -> None:
        sizes = (whole._max_wait_ms, whole._min_bytes, whole._max_bytes)
        super().__init__(*sizes, whole._isolation_level, whole.topics, whole._rack_id)
        self._whole, self._session = whole, session

    def build(self, request_struct_class: Any) -> Any:
        if request_struct_class.API_VERSION < _FIRST_VERSION:
            return self._whole.build(request_struct_class)
        asked = self._session.ask(self._whole.topics)
        self._topics = asked.topics
        built: Any = super().build(request_struct_class)
        built.session_id, built.session_epoch = asked.session_id, asked.epoch
        built.forgotten_topics_data = asked.forgotten
        return built


Send = Callable[..., Awaitable[Any]]


def fetch_in_sessions(client: AIOKafkaClient) -> None:
    """Let this client's fetches, of which aiokafka has one at a time under way to a broker, be parts of sessions."""
    client.send = partial(_send, client.send, defaultdict(FetchSession))


async def _send(send: Send, sessions: dict[Any, FetchSession], node_id: Any, request: Any, **options: Any) -> Any:
    if not isinstance(request, FetchRequest):
        return await send(node_id, request, **options)
    session = sessions[node_id]
    try:
        response = await send(node_id, _FetchInSession(request, session), **options)
    except BaseException:
        # Cancelled in a rebalance, or the connection went: nobody knows whether the broker has seen it.
        session.begin_anew()
        raise
    if response.API_VERSION >= _FIRST_VERSION:
        session.answered(response.error_code, response.session_id)
    return response
