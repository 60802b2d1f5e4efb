"""What a broker remembers of a consumer's fetches is always what the consumer believes it to be, whatever is lost."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.protocol.fetch import FetchRequest, FetchRequest_v4, FetchRequest_v7, FetchRequest_v11
from hypothesis import given
from hypothesis import strategies as st
from kafka import KafkaAdminClient, KafkaProducer

from session_stream.fetch_sessions import Asked, FetchSession, Topics, _FetchInSession, fetch_in_sessions

NOT_FOUND, OTHER_EPOCH = 70, 71
ALPHA: Topics = [("alpha", [(0, 5, 100), (1, 7, 100)])]


@dataclass
class ABroker:
    """The rules of KIP-227: what a broker makes of a fetch, and the partitions that it will answer for."""

    has_room: bool = True
    made: int = 0
    epoch: int = 0
    places: dict[tuple[str, int], tuple[int, int, int]] = field(default_factory=dict)
    is_known: bool = False

    def forget(self) -> None:
        """It was started again, or had no more room for somebody who was silent."""
        self.is_known, self.places = False, {}

    def fetch(self, asked: Asked) -> tuple[int, int]:
        named = {(topic, one[0]): one for topic, partitions in asked.topics for one in partitions}
        if asked.epoch == 0:
            self.places, self.epoch, self.is_known = named, 1, self.has_room
            self.made += self.has_room
            return 0, self.made if self.has_room else 0
        if not self.is_known or asked.session_id != self.made:
            return NOT_FOUND, 0
        if asked.epoch != self.epoch:
            return OTHER_EPOCH, 0
        self.epoch += 1
        self.places |= named
        for topic, partitions in asked.forgotten:
            for partition in partitions:
                del self.places[topic, partition]
        return 0, self.made


wanted = st.dictionaries(
    st.tuples(st.sampled_from(["alpha", "beta"]), st.integers(0, 3)), st.tuples(st.integers(0, 9), st.just(100))
)
happens = st.sampled_from(["answered", "not sent", "answer lost", "broker forgot", "no room", "room"])


@given(st.lists(st.tuples(happens, wanted), max_size=30))
def test_every_fetch_that_is_answered_is_for_exactly_what_was_wanted(steps):
    broker, session = ABroker(), FetchSession()
    for what, places in steps:
        broker.has_room = {"no room": False, "room": True}.get(what, broker.has_room)
        if what == "broker forgot":
            broker.forget()
        asked = session.ask(topics_of(places))
        if what == "not sent":
            session.begin_anew()
            continue
        error, session_id = broker.fetch(asked)
        if what == "answer lost":
            session.begin_anew()
            continue
        session.answered(error, session_id)
        if error:
            # Nothing came; the next one names everything.
            error, session_id = broker.fetch(session.ask(topics_of(places)))
            session.answered(error, session_id)
        assert error == 0
        assert broker.places == {place: (place[1], *rest) for place, rest in places.items()}


def topics_of(places: dict[tuple[str, int], tuple[int, int]]) -> Topics:
    names = sorted({topic for topic, _ in places})
    return [(name, [(number, *rest) for (topic, number), rest in places.items() if topic == name]) for name in names]


def test_a_fetch_names_what_is_new_what_moved_and_what_is_no_more():
    session = FetchSession()
    assert session.ask(ALPHA) == Asked(0, 0, ALPHA, [])
    session.answered(0, 4711)
    assert session.ask(ALPHA) == Asked(4711, 1, [], [])
    session.answered(0, 4711)
    moved: Topics = [("alpha", [(1, 8, 100), (2, 0, 100)])]
    assert session.ask(moved) == Asked(4711, 2, moved, [("alpha", [0])])


@pytest.mark.parametrize("error", [NOT_FOUND, OTHER_EPOCH])
def test_a_session_that_the_broker_does_not_go_on_with_is_ended_and_another_begun(error):
    session = FetchSession()
    session.ask(ALPHA)
    session.answered(0, 4711)
    session.ask(ALPHA)
    session.answered(error, 0)
    assert session.ask(ALPHA) == Asked(4711, 0, ALPHA, [])


def test_the_count_of_fetches_goes_round_without_the_number_that_begins_a_session():
    session = FetchSession()
    session.ask(ALPHA)
    session.answered(0, 4711)
    session._epoch = 2**31 - 1
    session.ask(ALPHA)
    session.answered(0, 4711)
    assert session.ask(ALPHA).epoch == 1


def test_a_broker_that_is_too_old_for_sessions_is_asked_as_before():
    whole = FetchRequest(500, 1, 2**20, 0, ALPHA)
    session = FetchSession()
    assert _FetchInSession(whole, session).build(FetchRequest_v4) == whole.build(FetchRequest_v4)
    first, again = (_FetchInSession(whole, session).build(FetchRequest_v7) for _ in range(2))
    assert (first.session_id, first.session_epoch, len(first.topics)) == (0, 0, 1)
    assert first.encode() == again.encode() != whole.build(FetchRequest_v7).encode()


@asynccontextmanager
async def consuming(place: Any, places: list[TopicPartition]):
    """A consumer of aiokafka's with sessions, and of each of its fetches how many partitions it named."""
    consumer = AIOKafkaConsumer(
        **place.platform.kafka_python(), auto_offset_reset="earliest", fetch_max_wait_ms=200, request_timeout_ms=5000
    )
    fetch_in_sessions(consumer._client)
    consumer.assign(places)
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


@pytest.fixture
def named(monkeypatch) -> list[int]:
    """Of each fetch that is sent, how many partitions it names."""
    counts: list[int] = []
    build = _FetchInSession.build

    def counting(self: _FetchInSession, version: Any) -> Any:
        built = build(self, version)
        assert version is FetchRequest_v11
        counts.append(sum(len(partitions) for _, partitions in built.topics))
        return built

    monkeypatch.setattr(_FetchInSession, "build", counting)
    return counts


def publish(place: Any, at: TopicPartition, value: bytes) -> None:
    producer = KafkaProducer(**place.platform.kafka_python(), acks="all")
    producer.send(at.topic, value, partition=at.partition)
    producer.close()


async def next_value(consumer: AIOKafkaConsumer) -> bytes | None:
    return (await asyncio.wait_for(consumer.getone(), 60)).value


def with_topics(place: Any, names: list[str]) -> list[TopicPartition]:
    with KafkaAdminClient(**place.platform.kafka_python()) as admin:
        admin.create_topics({name: {"num_partitions": 4, "replication_factor": 1} for name in names})
        admin.wait_for_topics(names)
    return [TopicPartition(name, number) for name in names for number in range(4)]


def test_every_record_comes_though_a_fetch_names_no_quiet_partition(own_broker, named):
    places = with_topics(own_broker, [f"quiet-{number}" for number in range(25)])

    async def scenario():
        async with consuming(own_broker, places) as consumer:
            for number, at in enumerate(places[::7]):
                await asyncio.to_thread(publish, own_broker, at, b"%d" % number)
                assert await next_value(consumer) == b"%d" % number
            await consumer.seek_to_beginning()
            again = {await next_value(consumer) for _ in places[::7]}
            assert again == {b"%d" % number for number in range(len(places[::7]))}

    asyncio.run(scenario())
    assert named[0] == 100 and sorted(named)[len(named) // 2] <= 1


def test_a_broker_that_was_killed_and_comes_back_is_told_everything_once_more(free_home, broker_running, named):
    with broker_running(free_home):
        places = with_topics(free_home, ["before", "after"])

    async def scenario():
        with broker_running(free_home) as process:
            async with consuming(free_home, places) as consumer:
                await asyncio.to_thread(publish, free_home, places[0], b"first")
                assert await next_value(consumer) == b"first"
                process.kill()
                process.wait()
                fetches = len(named)
                with broker_running(free_home):
                    await asyncio.to_thread(publish, free_home, places[5], b"second")
                    assert await next_value(consumer) == b"second"
                    # All but the one of which aiokafka still holds a fetch.
                    assert max(named[fetches:]) >= len(places) - 1

    asyncio.run(scenario())
