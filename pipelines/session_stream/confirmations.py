"""Which input may be committed: per partition, the end of the unbroken run of batches whose every output is confirmed.

Pure bookkeeping. A batch is written down the moment it is fetched, before anything can lose it: whatever happens to it
afterwards, nothing is committed past a batch that was not confirmed.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Partition = tuple[str, int]


# What a record weighs besides its value.
_RECORD_BYTES = 256


class OffsetsWentBack(Exception):
    """A partition starts again at lower offsets without a seek: its topic is not the one that was being read."""


@dataclass(eq=False, slots=True)
class RecordBatch:
    """The records of one partition that one fetch brought. `end` is the offset after its last record.

    `touched_at` is when it was fetched, then when it was decided. It is never shown with its records: they hold patient
    references.
    """

    partition: Partition
    records: Sequence[Any] = field(repr=False)
    first: int
    end: int
    size: int
    touched_at: float
    outputs_open: int = 0
    is_started: bool = False
    is_decided: bool = False

    @property
    def is_confirmed(self) -> bool:
        return self.is_decided and not self.outputs_open


def size_of(records: Iterable[Any]) -> int:
    """What fetched records weigh, in bytes: a flood of records without a value is one too."""
    return sum(len(record.value or b"") + _RECORD_BYTES for record in records)


def end_of_confirmed_run(batches: Iterable[RecordBatch]) -> int | None:
    """The offset up to which everything is confirmed, in the order of fetching; None when the first batch is not."""
    end = None
    for batch in batches:
        if not batch.is_confirmed:
            break
        end = batch.end
    return end


def has_gone_astray(unconfirmed: Iterable[RecordBatch], decided_at: float, too_old: float) -> bool:
    """Whether one of these batches was lost on its way, or its outputs were: no commit would ever pass it.

    `decided_at` is when anything was last decided: batches are decided in the order of fetching, so one that waits for
    its turn is only late when nothing is decided any more, or when a later one had its turn. Times before `too_old`
    are too long ago.
    """
    batches = list(unconfirmed)
    latest_turn = max((batch.touched_at for batch in batches if batch.is_started and not batch.is_decided), default=0.0)
    return any(_is_astray(batch, latest_turn, decided_at, too_old) for batch in batches)


def _is_astray(batch: RecordBatch, latest_turn: float, decided_at: float, too_old: float) -> bool:
    if batch.is_decided:
        return batch.touched_at < too_old
    if batch.is_started:
        return False
    return batch.touched_at < latest_turn or max(batch.touched_at, decided_at) < too_old


class Confirmations:
    """The batches of all partitions on their way from fetch to commit."""

    def __init__(self) -> None:
        self._batches: dict[Partition, deque[RecordBatch]] = {}
        self._ends: dict[Partition, int] = {}
        self._beginnings: dict[Partition, int] = {}
        self._looked_again: dict[Partition, int] = {}

    def fetched(self, batch: RecordBatch) -> None:
        """Raises `OffsetsWentBack`."""
        waiting = self._batches.setdefault(batch.partition, deque())
        expected = waiting[-1].end if waiting else self._ends.get(batch.partition, batch.first)
        if batch.first < expected:
            topic, partition = batch.partition
            raise OffsetsWentBack(f"{topic}/{partition}: offset {batch.first} after {expected - 1}")
        waiting.append(batch)

    def begin_at(self, offsets: Mapping[Partition, int]) -> None:
        """Where reading begins; to be called after `forget_all`."""
        self._beginnings = dict(offsets)

    def left_out(self, partition: Partition, first: int) -> int | None:
        """The offset from which to read once more, when a fetch begins with `first` and leaves others out.

        Records can be lost between aiokafka and here while partitions change hands. But there are offsets without
        records too (ends of transactions, what retention removed): what is left out twice in a row was never there.
        """
        expected = self._expected(partition)
        if expected is None or first <= expected or self._looked_again.get(partition) == expected:
            return None
        self._looked_again[partition] = expected
        return expected

    def _expected(self, partition: Partition) -> int | None:
        waiting = self._batches.get(partition)
        return waiting[-1].end if waiting else self._ends.get(partition, self._beginnings.get(partition))

    def reading(self) -> dict[Partition, int]:
        """The offset that is to be fetched next, of each partition of which nothing is under way."""
        return {place: end for place, end in (self._beginnings | self._ends).items() if not self._batches.get(place)}

    def holds(self, batch: RecordBatch) -> bool:
        """False once the batch's partition was revoked: its records will be read again, here or elsewhere."""
        return batch in self._batches.get(batch.partition, ())

    def partitions(self) -> list[Partition]:
        return list(self._batches)

    def committable(self, partition: Partition) -> int | None:
        """The offset to commit for a partition; None when no more of it was confirmed since the last time."""
        waiting = self._batches.get(partition, deque())
        end = end_of_confirmed_run(waiting)
        if end is not None:
            self._ends[partition] = end
        while waiting and waiting[0].is_confirmed:
            waiting.popleft()
        return end

    def forget_all(self) -> None:
        """The partitions were revoked, or will be read again from what is committed."""
        for kept in (self._batches, self._ends, self._beginnings, self._looked_again):
            kept.clear()

    def unconfirmed(self) -> list[RecordBatch]:
        return [batch for waiting in self._batches.values() for batch in waiting if not batch.is_confirmed]
