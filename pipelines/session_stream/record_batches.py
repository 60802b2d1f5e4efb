"""Faust's aiokafka transport, with one stream message per fetch instead of one per record.

Written against faust-streaming 0.15.3 and aiokafka 0.14.0 (`tests/stream/test_faust_internals.py` fails loudly when
what is replaced or relied on here changes). What it replaces, and why:

- `Consumer.getmany`: Faust spends 84 to 120 us on every message (four tasks, a lock, a queue) before any work is done.
  Here a message carries all that one fetch brought, a batch of raw records for each partition: hundreds of quiet
  partitions cost Faust no more than one busy one. Every batch is written down in `confirmations` the moment it is
  fetched. It also waits while too much is in flight, so that Faust's own buffers never fill.
- `Consumer._filter_tps_with_pending_acks`, `_new_offset`, `_add_gap`, `ack`: Faust's acknowledgements can commit past
  unfinished work. Here the commit rule is `Confirmations.committable` and nothing else.
- `Consumer._new_consumer_thread`: see `consumer_thread`.
- `Consumer.wait_empty`: waits, for a few seconds, for the batches that were begun, then commits what is confirmed.
- `Consumer.on_partitions_assigned`: first looks whether the topics are still the ones they were.
- `Consumer.perform_seek`, `on_partitions_revoked`: all batches are forgotten; they will be read again from what is
  committed, or from the beginning: Faust would leave a partition that has no commit yet where it is. Records fetched
  across such a moment are not used, and a fetch that begins later than the one before it ended is looked at twice.
- `aiokafka.codec.lz4_encode`, in the module that builds record batches: at its level 9 compressing costs as much as
  deciding, at level 1 a seventeenth of it (at 2 a tenth), for batches that are two fifths larger (at 2 three tenths).
- `Producer._settings_extra`: idempotent, `acks=all`; Faust sets this only for its transactions, which lost events.
- `App._crash`: after a crash in mid-batch Faust may never commit again, so the process ends. `App._new_transport`.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any, cast

import faust
from aiokafka import AIOKafkaProducer
from aiokafka.codec import lz4_encode
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage, Message

from process_telemetry.process_log import described
from session_stream.confirmations import Confirmations, RecordBatch, size_of
from session_stream.consumer_thread import ConsumerThread
from session_stream.passed_over import PassedOver

# Raw bytes between fetch and confirmation; with outputs and Python's overhead about five times as much memory.
MAX_BYTES_IN_FLIGHT = 16 * 2**20
# Fewer than Faust's buffer holds messages.
MAX_BATCHES_IN_FLIGHT = 4096
DRAIN_SECONDS = 5.0
PASSED_OVER_SECONDS = 60.0

Hook = Callable[[], Awaitable[None]]

_batch_module = sys.modules[DefaultRecordBatchBuilder.__module__]
_batch_module.__dict__["lz4_encode"] = partial(lz4_encode, level=1)


async def _nothing() -> None:
    return None


class RecordBatchApp(faust.App):
    """A Faust application on this transport, which ends when any part of it crashes."""

    fail: Callable[[str], Any]  # must end the process without a commit
    before_reading: Hook = staticmethod(_nothing)  # at every assignment, before anything is fetched
    flush_outputs: Hook = staticmethod(_nothing)  # on a stop and on a rebalance

    def _crash(self, reason: BaseException) -> None:
        self.fail(f"the stream crashed: {described(reason)}")

    def _new_transport(self) -> "RecordBatchTransport":
        return RecordBatchTransport(self.conf.broker_consumer, self)


class RecordBatchConsumer(driver.Consumer):
    """A consumer whose messages hold the `RecordBatch`es of a fetch, a tuple of at least one."""

    app: RecordBatchApp
    _thread: ConsumerThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.confirmations = Confirmations()
        self.passed_over = PassedOver()
        self.batch_confirmed = asyncio.Event()
        # Counts how often the positions of the partitions were set anew.
        self._era = 0
        self._to_look_at: dict[TP, int] = {}
        self._looks_at = monotonic() + PASSED_OVER_SECONDS
        # Held from the first seek until everything is forgotten: what is fetched between the two would be forgotten
        # with positions that are past it. Faust seeks after a rebalance, and `getmany` may have to at the same time.
        self._seeking = asyncio.Lock()

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109
        await self._room_in_flight()
        self._look_for_passed_over()
        await self._look_again()
        async with self._seeking:
            era = self._era
        fetched, _ = await self._wait_next_records(timeout)
        if self.should_stop or not fetched:
            return
        if not self._is_still(era):
            await self._read_again()
            return
        whole = {tp: records for tp, records in fetched.items() if records and not self._leaves_out(tp, records)}
        batches = tuple(self._write_down(tp, records) for tp, records in whole.items())
        await self._look_again()
        if batches and self._is_still(era):
            yield TP(*batches[0].partition), self._message(batches)

    def _is_still(self, era: int) -> bool:
        return era == self._era and self.flow_active and not self._seeking.locked()

    async def _room_in_flight(self) -> None:
        while self.flow_active and not self.should_stop and self._is_full():
            await self._next_confirmation()

    def _is_full(self) -> bool:
        batches = self.confirmations.unconfirmed()
        return len(batches) >= MAX_BATCHES_IN_FLIGHT or sum(b.size for b in batches) >= MAX_BYTES_IN_FLIGHT

    async def _next_confirmation(self) -> None:
        self.batch_confirmed.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.batch_confirmed.wait(), timeout=1.0)

    async def _read_again(self) -> None:
        # aiokafka's positions are past records that were not written down. While partitions change hands a seek may
        # fail; then another one follows at the end of the rebalance, before anything is fetched.
        try:
            await self.perform_seek()
        except Exception as error:
            if not self.app.rebalancing:
                raise
            self.log.info("no seek in the middle of a rebalance: %s", type(error).__name__)

    def _look_for_passed_over(self) -> None:
        # Only from here: Faust sets down how far it has read between two of these calls.
        if self.flow_active and monotonic() >= self._looks_at:
            self._looks_at = monotonic() + PASSED_OVER_SECONDS
            again = self.passed_over.look(self.confirmations.reading(), self._thread.positions())
            self._to_look_at.update((TP(*place), offset) for place, offset in again.items())

    def _leaves_out(self, tp: TP, records: Sequence[Any]) -> bool:
        expected = self.confirmations.left_out((tp.topic, tp.partition), records[0].offset)
        if expected is not None:
            self._to_look_at[tp] = expected
        return expected is not None

    async def _look_again(self) -> None:
        places, self._to_look_at = self._to_look_at, {}
        if places:
            self.log.warning("looking again for records left out in %d partitions", len(places))
            await self.seek_wait(places)

    def _write_down(self, tp: TP, records: Sequence[Any]) -> RecordBatch:
        place, end = (tp.topic, tp.partition), records[-1].offset + 1
        batch = RecordBatch(place, records, records[0].offset, end, size_of(records), monotonic())
        self.confirmations.fetched(batch)
        self.passed_over.fetched(place, batch.first)
        return batch

    def _message(self, batches: tuple[RecordBatch, ...]) -> ConsumerMessage:
        # To Faust it is a message of the first partition, with raw bytes as its value: that it hands through as it is.
        topic, partition = batches[0].partition
        last, value = batches[0].records[-1], cast(bytes, batches)
        return ConsumerMessage(
            topic, partition, batches[0].first, last.timestamp / 1000, last.timestamp_type, None, None, value,
            None, None, None, TP(topic, partition), generation_id=self.app.consumer_generation_id,
        )  # fmt: skip

    async def perform_seek(self) -> None:
        async with self._seeking:
            await self._seek_to_committed()

    async def _seek_to_committed(self) -> None:
        await super().perform_seek()
        # That leaves a partition without a commit where it is, even past records that nobody handled.
        committed = {tp: self._read_offset[tp] for tp in self.assignment()}
        without = [tp for tp, offset in committed.items() if not offset]
        beginnings = await self.earliest_offsets(*without) if without else {}
        await self.seek_wait(beginnings)
        self._forget_all()
        self.confirmations.begin_at(
            {(tp.topic, tp.partition): offset or beginnings[tp] for tp, offset in committed.items()}
        )

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        await self.app.before_reading()
        await super().on_partitions_assigned(assigned, generation_id)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        # Every rebalance of aiokafka revokes all partitions; Faust's part stops the flow, drains and commits.
        await super().on_partitions_revoked(revoked)
        self._forget_all()

    def _forget_all(self) -> None:
        self._era += 1
        self.confirmations.forget_all()
        self.batch_confirmed.set()

    async def wait_empty(self) -> None:
        await self.app.flush_outputs()
        deadline = monotonic() + DRAIN_SECONDS
        while monotonic() < deadline and any(batch.is_started for batch in self.confirmations.unconfirmed()):
            await self._next_confirmation()
            await self.app.flush_outputs()
        # A commit that is under way may have begun before the last confirmation, and `commit` would make do with it.
        await self.maybe_wait_for_commit_to_finish()
        await self.commit()

    def has_left_its_group(self) -> bool:
        """Whether aiokafka's dealings with the group came to an end: it logs why, and then waits for ever."""
        coordinator = getattr(self._thread._consumer, "_coordinator", None)
        return coordinator is not None and coordinator._coordination_task.done()

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        # Faust asks for some topics only when an application commits by itself; this one does not.
        return (TP(*partition) for partition in self.confirmations.partitions())

    def _new_offset(self, tp: TP) -> int | None:
        return self.confirmations.committable((tp.topic, tp.partition))

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Offsets between two fetched batches hold no records (markers, retention): there is nothing to remember."""

    def ack(self, message: Message) -> bool:
        """Faust's acknowledgements count for nothing here."""
        return False


class IdempotentProducer(driver.Producer):
    """Faust's producer, set so that a retry is never written twice and every replica has it."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}

    @property
    def aiokafka_producer(self) -> AIOKafkaProducer:
        """For `create_batch` and `send_batch`, a tenth of the cost of `send`."""
        return self._ensure_producer()


class RecordBatchTransport(driver.Transport):
    Consumer = RecordBatchConsumer
    Producer = IdempotentProducer
