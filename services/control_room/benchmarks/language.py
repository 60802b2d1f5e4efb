"""What one session costs from its bytes to the record that goes on, against peers that do less.

Ours is what the stream does: decode, all rules, normalisation, pseudonym, enrichment, content hash, encode.
"""

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from clinic_events.network_records import Origin, encode
from clinic_events.verdicts import judge
from control_room.benchmarks.language_peers import Check, bare_msgspec, jsonschema_checks, pydantic_checks
from control_room.benchmarks.sample_sessions import sample_sessions
from network_registry.keys import Key
from network_registry.topics import events_topic
from session_stream.acceptance import accepted_event
from session_stream.pseudonyms import StreamKeys

EVENTS, ROUNDS = 20_000, 5
PEERS: dict[str, Callable[[], Check]] = {
    "bare_msgspec": bare_msgspec, "pydantic": pydantic_checks, "jsonschema": jsonschema_checks,
}  # fmt: skip


def bench_language(events: int, rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Microseconds an event, the best of `rounds` rounds in which all take turns on one core; ratios are ours over
    theirs."""
    raws = sample_sessions(events)
    runners = {"meridian": _meridian(), **{name: make() for name, make in PEERS.items()}}
    best: dict[str, float] = {}
    with _one_core():
        for number in range(1, rounds + 1):
            tell(f"round {number} of {rounds}")
            for name, check in runners.items():
                best[name] = min(best.get(name, float("inf")), _microseconds(check, raws))
    return {
        "events": events,
        "rounds": rounds,
        "microseconds": {name: round(spent, 2) for name, spent in best.items()},
        "ratios": {name: round(best["meridian"] / best[name], 3) for name in PEERS},
    }


def _meridian() -> Check:
    keys = StreamKeys(*(Key(1, bytes([number]) * 32) for number in range(3)))
    clinic_id, received = "north-bridge", datetime.now(UTC)
    origin = Origin("cluster", events_topic(clinic_id), "topic", 0, 0)

    def check(raw: bytes) -> bytes:
        verdict = judge(raw, clinic_id, received)
        record = accepted_event(verdict, origin, clinic_id, received, keys)
        if record is None or verdict.reasons:
            raise ValueError("a sample session is not accepted without a flag")
        return encode(record)

    return check


def _microseconds(check: Check, raws: list[bytes]) -> float:
    gc.collect()
    # The processor's time: what else the machine does does not count.
    began = time.process_time()
    for raw in raws:
        check(raw)
    return (time.process_time() - began) / len(raws) * 1e6


@contextmanager
def _one_core() -> Iterator[None]:
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
