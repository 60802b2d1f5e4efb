"""Conservation: of the events that a clinic's topic holds, none is lost and each is counted once. Pure.

Both sides are sets of offsets of one partition. One side comes from the broker, the other from the lake, so that they
can differ; what the stream has committed is the promise that the difference is held against.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from warehouse_releases.offset_ranges import Range, clipped, merged, missing, size

Disposition = Literal["accepted", "quarantined", "duplicate", "erased"]

_NO_END = 2**63 - 1
_SHOWN = 5


@dataclass(frozen=True)
class PartitionReading:
    """What the broker says of one partition of a clinic's topic: it holds `first` up to, not with, `end`."""

    clinic_id: str
    topic_id: str
    partition: int
    first: int
    end: int
    committed: int


@dataclass(frozen=True)
class PartitionBalance:
    """`sent` = accepted + quarantined + duplicates + erased + pending, unless there are `problems`. Counts of origins.

    `lost` are offsets that the stream has committed and the lake does not hold although everything was landed;
    `expired` were deleted by retention before the stream read them; `unknown` lie in the lake and not in the topic.
    """

    clinic_id: str
    partition: int
    sent: int
    accepted: int
    quarantined: int
    duplicates: int
    erased: int
    pending: int
    lost: tuple[Range, ...] = ()
    expired: tuple[Range, ...] = ()
    unknown: tuple[Range, ...] = ()
    counted_twice: int = 0

    @property
    def problems(self) -> list[str]:
        """What is wrong, one line each; empty when it holds."""
        named = (("lost", self.lost), ("expired unread", self.expired), ("unknown to the broker", self.unknown))
        found = [f"{size(ranges)} {name}: offsets {_worded(ranges)}" for name, ranges in named if ranges]
        accounted = sum((self.accepted, self.quarantined, self.duplicates, self.erased, self.pending, size(self.lost)))
        if self.counted_twice:
            found.append(f"{self.counted_twice} counted twice")
        if accounted - self.counted_twice != self.sent:
            found.append(f"{self.sent} sent, {accounted} accounted for")
        return found

    @property
    def holds(self) -> bool:
        return not self.problems


def balance(reading: PartitionReading, landed: Mapping[Disposition, list[Range]], caught_up: bool) -> PartitionBalance:
    """Hold what the lake has of a partition against the broker.

    `landed` is the set of offsets of each disposition, read after `reading.committed`; `caught_up` says that it
    includes everything that stood in the network's topics when or after `reading.committed` was read.
    """
    held = (reading.first, reading.end - 1)
    everywhere = merged(pair for ranges in landed.values() for pair in ranges)
    counts = {disposition: size(clipped(held, ranges)) for disposition, ranges in landed.items()}
    absent = missing((reading.first, min(reading.committed, reading.end) - 1), everywhere)
    lost = absent if caught_up else []
    return PartitionBalance(
        clinic_id=reading.clinic_id,
        partition=reading.partition,
        sent=reading.end - reading.first,
        accepted=counts.get("accepted", 0),
        quarantined=counts.get("quarantined", 0),
        duplicates=counts.get("duplicate", 0),
        erased=counts.get("erased", 0),
        pending=size(missing(held, everywhere)) - size(lost),
        lost=tuple(lost),
        expired=tuple(missing((reading.committed, reading.first - 1), everywhere)),
        unknown=tuple(clipped((reading.end, _NO_END), everywhere)),
        counted_twice=sum(counts.values()) - size(clipped(held, everywhere)),
    )


@dataclass(frozen=True)
class Conservation:
    """Every partition's balance. `caught_up`: the lake held everything that the stream had written."""

    partitions: tuple[PartitionBalance, ...]
    caught_up: bool
    missing_topics: tuple[str, ...] = ()

    @property
    def problems(self) -> list[str]:
        absent = [f"{topic}: the broker has no such topic" for topic in self.missing_topics]
        return absent + [
            f"{part.clinic_id} partition {part.partition}: {problem}"
            for part in self.partitions
            for problem in part.problems
        ]

    @property
    def holds(self) -> bool:
        return not self.problems

    def total(self, count: str) -> int:
        """The sum over all partitions of `sent`, `accepted`, `quarantined`, `duplicates`, `erased` or `pending`."""
        return sum(getattr(partition, count) for partition in self.partitions)

    def as_json(self) -> dict[str, Any]:
        counts = ("sent", "accepted", "quarantined", "duplicates", "erased", "pending")
        rows = [
            {"clinic_id": row.clinic_id, "partition": row.partition}
            | {count: getattr(row, count) for count in counts}
            | {"problems": row.problems}
            for row in self.partitions
        ]
        totals = {count: self.total(count) for count in counts}
        return {
            "holds": self.holds,
            "caught_up": self.caught_up,
            **totals,
            "problems": self.problems,
            "partitions": rows,
        }


def _worded(ranges: tuple[Range, ...]) -> str:
    shown = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in ranges[:_SHOWN])
    return shown + (", ..." if len(ranges) > _SHOWN else "")
