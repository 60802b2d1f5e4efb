"""What is done to a platform in a campaign, and for how long: by a seed alone, so that one can be repeated. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random

WORKERS = 2


class Kind(StrEnum):
    """`paused`: shorter than the broker waits for a worker; `woken_late`: so long that others have taken its place."""

    WORKER_KILLED = "worker_killed"
    WORKER_TERMINATED = "worker_terminated"
    WORKER_PAUSED = "worker_paused"
    WORKER_WOKEN_LATE = "worker_woken_late"
    REBALANCE_STORM = "rebalance_storm"
    LANDER_KILLED = "lander_killed"
    LANDER_WOKEN_LATE = "lander_woken_late"
    BROKER_KILLED = "broker_killed"
    BROKER_TERMINATED = "broker_terminated"
    BROKER_DISK_FULL = "broker_disk_full"
    LAKE_DISK_FULL = "lake_disk_full"
    REGISTRY_DISK_FULL = "registry_disk_full"


DISKS = {Kind.BROKER_DISK_FULL, Kind.LAKE_DISK_FULL, Kind.REGISTRY_DISK_FULL}
# Seconds, from and to. The broker takes a worker for dead after ten.
_LASTS: dict[Kind, tuple[float, float]] = {
    Kind.WORKER_PAUSED: (1.0, 7.0),
    Kind.WORKER_WOKEN_LATE: (12.0, 18.0),
    Kind.REBALANCE_STORM: (10.0, 15.0),
    Kind.LANDER_WOKEN_LATE: (12.0, 18.0),
    Kind.BROKER_DISK_FULL: (4.0, 10.0),
    Kind.LAKE_DISK_FULL: (4.0, 10.0),
    Kind.REGISTRY_DISK_FULL: (4.0, 10.0),
}
_PAUSE_S = (0.2, 2.5)


@dataclass(frozen=True)
class Fault:
    """`worker` is which of the stream's workers it meets, if it meets one; `pause_s` is from the beginning of a portion
    of events until the fault, `lasts_s` is how long it lasts."""

    number: int
    kind: Kind
    worker: int
    pause_s: float
    lasts_s: float


def planned(seed: int, count: int, with_disks: bool = True) -> list[Fault]:
    """`count` faults, of every kind as many as of any other or one more, in an order of the seed's."""
    random, kinds = Random(seed), [kind for kind in Kind if with_disks or kind not in DISKS]
    return [
        Fault(
            number,
            kind,
            random.randint(1, WORKERS),
            round(random.uniform(*_PAUSE_S), 2),
            round(random.uniform(*_LASTS.get(kind, (0.0, 0.0))), 1),
        )
        for number, kind in zip(range(1, count + 1), _turns(random, kinds), strict=False)
    ]


def _turns(random: Random, kinds: list[Kind]) -> Iterator[Kind]:
    while True:
        yield from random.sample(kinds, len(kinds))
