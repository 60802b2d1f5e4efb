"""What runs of `bench stream` say: each runner's best run, and ratios to those that count. Pure."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measured:
    """One run of one runner. `conserved`: every session that waited was passed on."""

    events_per_second: float
    cpu_us_per_event: float
    conserved: bool


Runs = dict[str, list[Measured]]

PEERS = ("hand_written", "copy_only", "quix_streams", "manual_faust")
# Takes longer than all others together: it runs once, so that these can run often.
SLOWEST = "manual_faust"
# Neighbours in time are compared with each other.
_TURNS = ("copy_only", "hand_written", "meridian", "quix_streams", "meridian_two_workers")

# A loop written by hand that is slower than this share of a mere copy was not written well.
HAND_WRITTEN_AT_LEAST = 0.28


def turns(number: int) -> tuple[str, ...]:
    """Who runs in a round, counted from 1. There and back: a machine grows slower and faster again within minutes, and
    whoever ran last on a disk that fills, or a machine that grows hot, runs first next."""
    others = _TURNS if number % 2 else _TURNS[::-1]
    return (SLOWEST, *others) if number == 1 else others


def compared(events: int, runs: Runs) -> dict[str, Any]:
    """Ratios are ours over theirs, of events a second; None against a runner that lost something, or does not count,
    and wherever ours lost something. `two_workers_cpu` is what an event costs two workers, over what it costs one."""
    best = {name: _best(each) for name, each in runs.items()}
    void = _void(best)

    def ours_over(name: str) -> float | None:
        counts = not void & {name, "meridian"}
        return _ratio(best["meridian"].events_per_second, best[name].events_per_second) if counts else None

    runners = [
        {
            "name": name,
            "events": events,
            "events_per_second": each.events_per_second,
            "cpu_us_per_event": each.cpu_us_per_event,
            "conserved": each.conserved,
        }
        for name, each in best.items()
    ]
    two = _ratio(best["meridian_two_workers"].cpu_us_per_event, best["meridian"].cpu_us_per_event)
    return {"runners": runners, "ratios": {name: ours_over(name) for name in PEERS}, "two_workers_cpu": two}


def _best(runs: list[Measured]) -> Measured:
    """The fastest run; one that lost something, if there is any, stands for them all."""
    return min(runs, key=lambda run: (run.conserved, -run.events_per_second))


def _void(best: dict[str, Measured]) -> set[str]:
    lost = {name for name, each in best.items() if not each.conserved}
    is_slow = best["hand_written"].events_per_second < HAND_WRITTEN_AT_LEAST * best["copy_only"].events_per_second
    return lost | ({"hand_written"} if is_slow else set())


def _ratio(ours: float, theirs: float) -> float:
    return round(ours / theirs, 3)
