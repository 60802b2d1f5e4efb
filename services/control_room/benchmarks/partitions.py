"""What an event costs a worker of the stream when 800 partitions have a few each, over what it costs in a busy one."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from control_room.benchmarks.stream import run_ours
from control_room.benchmarks.stream_input import waiting_sessions
from control_room.benchmarks.stream_ratios import Measured

QUIET_CLINICS = 200
_OF_A_CLINIC = 4

Tell = Callable[[str], None]


def bench_partitions(events: int, rounds: int, folder: Path | None, tell: Tell) -> dict[str, Any]:
    """The same sessions in one partition of one clinic, and spread over those of two hundred; in turns, the best round
    of each counts. Raises RuntimeError when an event was lost."""
    measured: dict[str, list[Measured]] = {"one_busy": [], "quiet": []}
    with ExitStack() as brokers:
        root = Path(brokers.enter_context(tempfile.TemporaryDirectory(prefix="meridian-bench-", dir=folder)))
        busy = brokers.enter_context(waiting_sessions(root / "busy", events, tell, 1, partition=0))
        quiet = brokers.enter_context(waiting_sessions(root / "quiet", events, tell, QUIET_CLINICS))
        for number in range(1, rounds + 1):
            for name, given in (("one_busy", busy), ("quiet", quiet)):
                tell(f"round {number} of {rounds}: {name}")
                measured[name].append(run_ours(given, name, 1))
    return compared(events, measured)


def compared(events: int, measured: dict[str, list[Measured]]) -> dict[str, Any]:
    if not all(run.conserved for runs in measured.values() for run in runs):
        raise RuntimeError("an event was lost: there is nothing to compare")
    best = {name: min(run.cpu_us_per_event for run in runs) for name, runs in measured.items()}
    return {
        "events": events,
        "partitions": QUIET_CLINICS * _OF_A_CLINIC,
        "cpu_us_per_event": {name: round(spent, 1) for name, spent in best.items()},
        "quiet_over_one_busy": round(best["quiet"] / best["one_busy"], 2),
    }
