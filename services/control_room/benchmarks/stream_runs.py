"""One run of one runner over all waiting sessions, watched from outside, whatever it says of itself.

Speed is taken from the broker: how many sessions have reached `network.events` or `network.quarantine`, every tenth of
a second. Start-up is left out: the clock runs from the first twentieth of the sessions to the last one.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import msgspec
import psutil
from kafka import KafkaConsumer, TopicPartition

from clinic_events.network_records import Origin
from control_room.benchmarks.stream_input import STOP_S, StreamInput
from control_room.benchmarks.stream_ratios import Measured
from control_room.broker.launch import child_environment
from control_room.broker.parent_death import end_with
from network_registry.topics import EVENTS, QUARANTINE

LOOK_S = 0.1
# A runner that moves nothing for so long has lost what is missing; one that is through may repeat something yet.
PATIENCE_S, SETTLED_S = 60.0, 2.0
WARM = 0.05

Ends = dict[TopicPartition, int]
# What an output says of the session that it is of.
Identify = Callable[[bytes], object]


class RunnerFailed(Exception):
    """A runner ended by itself: one line that says which, and where its log is."""


@dataclass(frozen=True)
class _Sight:
    """What was seen at one moment: sessions passed on, and the processor's seconds that the runner had used."""

    at: float
    passed: int
    cpu_s: float


def measure(given: StreamInput, name: str, commands: list[list[str]], identify: Identify) -> Measured:
    """Start the runner's processes, watch until everything is passed on, and stop them. Raises `RunnerFailed`."""
    with _observer(given) as observer:
        before = _ends(observer)
        with _running(given, name, commands) as processes:
            begun, ended = _watch(given, name, observer, before, processes)
        found = {identify(value) for value in _values(observer, before)}
    passed = max(ended.passed - begun.passed, 1)
    return Measured(
        events_per_second=round(passed / (ended.at - begun.at)),
        cpu_us_per_event=round((ended.cpu_s - begun.cpu_s) / passed * 1e6, 1),
        conserved=len(found) == given.events,
    )


class _Passed(msgspec.Struct):
    origin: Origin


class _Copied(msgspec.Struct):
    id: str


_decode_passed, _decode_copied = msgspec.json.Decoder(_Passed).decode, msgspec.json.Decoder(_Copied).decode


def by_origin(value: bytes) -> object:
    """Of a record that was decided."""
    origin = _decode_passed(value).origin
    return origin.topic, origin.partition, origin.offset


def by_event_id(value: bytes) -> object:
    """Of a record that was copied."""
    return _decode_copied(value).id


def _watch(
    given: StreamInput, name: str, observer: KafkaConsumer, before: Ends, processes: list[psutil.Process]
) -> tuple[_Sight, _Sight]:
    begun, through, moved = None, None, _sight(observer, before, processes, name)
    while True:
        sight = _sight(observer, before, processes, name)
        moved = sight if sight.passed != moved.passed else moved
        begun = begun or (sight if sight.passed >= WARM * given.events else None)
        through = through or (sight if sight.passed >= given.events else None)
        if begun and through and sight.at - moved.at > SETTLED_S:
            return begun, through
        if sight.at - moved.at > PATIENCE_S:
            if begun is None:
                raise RunnerFailed(f"{name}: passes nothing on")
            return begun, moved
        time.sleep(LOOK_S)


def _sight(observer: KafkaConsumer, before: Ends, processes: list[psutil.Process], name: str) -> _Sight:
    passed = sum(_ends(observer).values()) - sum(before.values())
    try:
        used = [process.cpu_times() for process in processes]
    except psutil.NoSuchProcess:
        raise RunnerFailed(f"{name}: ended by itself, see its log") from None
    return _Sight(time.monotonic(), passed, sum(each.user + each.system for each in used))


@contextmanager
def _running(given: StreamInput, name: str, commands: list[list[str]]) -> Iterator[list[psutil.Process]]:
    environment, parent = child_environment(given.home, given.settings), os.getpid()
    with ExitStack() as stack:
        log = stack.enter_context((given.home.logs / f"{name}.log").open("ab"))
        started = [
            subprocess.Popen(command, env=environment, stdout=log, stderr=log, preexec_fn=lambda: end_with(parent))
            for command in commands
        ]
        stack.callback(_stop, started)
        yield [psutil.Process(each.pid) for each in started]


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _observer(given: StreamInput) -> Iterator[KafkaConsumer]:
    consumer = KafkaConsumer(**given.connection.kafka_python(), fetch_max_bytes=50 * 2**20)
    try:
        places = [TopicPartition(topic, each) for topic in (EVENTS, QUARANTINE)
                  for each in consumer.partitions_for_topic(topic) or ()]  # fmt: skip
        consumer.assign(places)
        yield consumer
    finally:
        consumer.close()


def _ends(observer: KafkaConsumer) -> Ends:
    return observer.end_offsets(list(observer.assignment()))


def _values(observer: KafkaConsumer, since: Ends) -> Iterator[bytes]:
    ends = _ends(observer)
    for place, offset in since.items():
        observer.seek(place, offset)
    while any(observer.position(place) < end for place, end in ends.items()):
        for records in observer.poll(1000).values():
            yield from (record.value for record in records)
