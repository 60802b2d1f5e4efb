"""A fetch and a seek that meet: what was fetched is used only when no seek can have passed it."""

import asyncio
from math import inf
from types import SimpleNamespace
from typing import Any

from faust.types import TP

from session_stream.confirmations import Confirmations
from session_stream.passed_over import PassedOver
from session_stream.record_batches import RecordBatchConsumer

PLACE = TP("clinic.alpha.events", 0)


class Meeting(RecordBatchConsumer):
    """The test says when a fetch is answered and when a seek is done."""

    should_stop = False
    flow_active = True

    def __init__(self) -> None:
        self.confirmations, self.batch_confirmed = Confirmations(), asyncio.Event()
        self.passed_over, self._looks_at = PassedOver(), inf
        self._era, self._to_look_at, self._seeking = 0, {}, asyncio.Lock()
        self.fetched, self.sought = asyncio.Event(), asyncio.Event()
        self.fetches = self.seeks = 0
        self.app = SimpleNamespace(consumer_generation_id=1)  # type: ignore[assignment]

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109
        self.fetches += 1
        await self.fetched.wait()
        record = SimpleNamespace(offset=7, value=b"{}", timestamp=0, timestamp_type=1)
        return {PLACE: [record]}, set()

    async def _seek_to_committed(self) -> None:
        await self.sought.wait()
        self.seeks += 1
        self._forget_all()

    async def messages(self) -> list:
        return [message async for message in self.getmany(1.0)]


async def soon() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_what_is_fetched_without_a_seek_is_used():
    async def scenario():
        consumer = Meeting()
        consumer.fetched.set()
        assert len(await consumer.messages()) == 1
        assert consumer.seeks == 0 and len(consumer.confirmations.unconfirmed()) == 1

    asyncio.run(scenario())


def test_what_comes_while_a_seek_is_under_way_is_not_used_and_is_read_again_behind_it():
    async def scenario():
        consumer = Meeting()
        reading = asyncio.create_task(consumer.messages())
        await soon()
        seeking = asyncio.create_task(consumer.perform_seek())
        await soon()
        consumer.fetched.set()
        await soon()
        assert not reading.done() and consumer.seeks == 0
        consumer.sought.set()
        await seeking
        assert await reading == [] and consumer.seeks == 2
        assert consumer.confirmations.unconfirmed() == []

    asyncio.run(scenario())


def test_nothing_is_fetched_between_a_seek_and_the_forgetting_of_what_was_before_it():
    async def scenario():
        consumer = Meeting()
        seeking = asyncio.create_task(consumer.perform_seek())
        await soon()
        reading = asyncio.create_task(consumer.messages())
        await soon()
        assert consumer.fetches == 0
        consumer.sought.set()
        consumer.fetched.set()
        await seeking
        assert len(await reading) == 1 and len(consumer.confirmations.unconfirmed()) == 1

    asyncio.run(scenario())
