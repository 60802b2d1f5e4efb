"""The session stream against other ways to write it: one broker, the same sessions, the same decisions, in turns."""

import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient
from kafka.errors import CoordinatorNotAvailableError

from control_room.benchmarks.stream_input import StreamInput, waiting_sessions
from control_room.benchmarks.stream_ratios import PEERS, Measured, Runs, compared, turns
from control_room.benchmarks.stream_runs import by_event_id, by_origin, measure
from network_registry.topics import STREAM_GROUP

OURS = {"meridian": 1, "meridian_two_workers": 2}


def bench_stream(events: int, rounds: int, folder: Path | None, tell: Callable[[str], None]) -> dict[str, Any]:
    """Of each runner the events a second and the processor's microseconds an event; ratios, ours over theirs; and what
    an event costs two workers, over what it costs one."""
    runs: Runs = {name: [] for name in (*PEERS, *OURS)}
    with (
        tempfile.TemporaryDirectory(prefix="meridian-bench-", dir=folder) as root,
        waiting_sessions(Path(root), events, tell) as given,
    ):
        for number in range(1, rounds + 1):
            for name in turns(number):
                tell(f"round {number} of {rounds}: {name}")
                runs[name].append(_run(given, name, number))
    return compared(events, runs)


def _run(given: StreamInput, name: str, number: int) -> Measured:
    if name in OURS:
        return run_ours(given, name, OURS[name])
    command = [sys.executable, "-m", "control_room.benchmarks.stream_peers", name, f"bench-{name}-{number}"]
    return measure(given, name, [command], by_event_id if name == "copy_only" else by_origin)


def run_ours(given: StreamInput, name: str, workers: int) -> Measured:
    """Everything that waits in the clinics' topics, once more, by so many workers of the stream."""
    _forget_commits(given)
    command = [sys.executable, "-m", "control_room", "run", "stream", "--number"]
    return measure(given, name, [[*command, f"{worker}"] for worker in range(1, workers + 1)], by_origin)


def _forget_commits(given: StreamInput) -> None:
    # A broker that no group has asked yet has no coordinator, and no commits either.
    with suppress(CoordinatorNotAvailableError), KafkaAdminClient(**given.connection.kafka_python()) as admin:
        admin.delete_groups([STREAM_GROUP])
