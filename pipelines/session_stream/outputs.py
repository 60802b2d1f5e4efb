"""Collect outputs into record batches per topic partition, send them, and tell which input batches are confirmed."""

from asyncio import Future
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any
from zlib import crc32

from aiokafka import AIOKafkaProducer

from session_stream.confirmations import RecordBatch
from session_stream.decide import Output

# Outputs of several input batches share a record batch, but none waits longer than this for company, and none at all
# when nothing more has come. A batch costs as much as ten records: at a quarter of this an event costs a tenth more.
LINGER_SECONDS = 0.2

Place = tuple[str, int]


@dataclass
class _OpenBatch:
    builder: Any
    inputs: set[RecordBatch] = field(default_factory=set)

    def append(self, output: Output, batch: RecordBatch) -> bool:
        """False when there is no room; an empty builder always takes one record."""
        if self.builder.append(timestamp=None, key=output.key, value=output.value) is None:
            return False
        if batch not in self.inputs:
            self.inputs.add(batch)
            batch.outputs_open += 1
        return True


class Outputs:
    """All outputs that were not sent yet. `on_failure` is called with the first send that failed: that input must
    never be committed."""

    def __init__(
        self, producer: AIOKafkaProducer, on_confirmed: Callable[[], Any], on_failure: Callable[[BaseException], Any]
    ) -> None:
        self._producer = producer
        self._on_confirmed = on_confirmed
        self._on_failure = on_failure
        self._open: dict[Place, _OpenBatch] = {}
        self._waiting_since = 0.0
        self._partition_counts: dict[str, int] = {}

    def take(self, outputs: Iterator[Output], batch: RecordBatch) -> Output | None:
        """Add these without waiting, as nearly every one can be; the first that only `add` can, None at the end."""
        counts, all_open = self._partition_counts, self._open
        for output in outputs:
            count = counts.get(output.topic)
            opened = count and all_open.get((output.topic, partition_of_key(output.key, count)))
            if not opened or not opened.append(output, batch):
                return output
        return None

    async def add(self, output: Output, batch: RecordBatch) -> None:
        place = (output.topic, await self._partition(output))
        opened = self._open.get(place) or self._begin(place)
        if not opened.append(output, batch):
            self._begin(place).append(output, batch)
            await self._send(place, opened)

    def is_due(self) -> bool:
        return bool(self._open) and monotonic() - self._waiting_since >= LINGER_SECONDS

    async def flush(self) -> None:
        due, self._open = self._open, {}
        for place, opened in due.items():
            await self._send(place, opened)

    def _begin(self, place: Place) -> _OpenBatch:
        if not self._open:
            self._waiting_since = monotonic()
        self._open[place] = opened = _OpenBatch(self._producer.create_batch())
        return opened

    async def _send(self, place: Place, opened: _OpenBatch) -> None:
        topic, partition = place
        # Closed, or aiokafka would add to it; waits while an earlier batch of this partition has not left yet.
        opened.builder.close()
        sent = await self._producer.send_batch(opened.builder, topic, partition=partition)
        sent.add_done_callback(partial(self._done, opened.inputs))

    def _done(self, inputs: set[RecordBatch], sent: Future) -> None:
        if sent.cancelled():
            return
        if (error := sent.exception()) is not None:
            self._on_failure(error)
            return
        for batch in inputs:
            batch.outputs_open -= 1
        self._on_confirmed()

    async def _partition(self, output: Output) -> int:
        count = self._partition_counts.get(output.topic)
        if count is None:
            count = self._partition_counts[output.topic] = len(await self._producer.partitions_for(output.topic))
        return partition_of_key(output.key, count)


def partition_of_key(key: bytes | None, count: int) -> int:
    """Only the platform writes these topics, so it need not be Kafka's own hash, which takes 10 us in Python."""
    return crc32(key or b"") % count
