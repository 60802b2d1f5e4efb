"""`meridian rebuild --from topics`: the plan, the processes that carry it out, and the release that comes of it."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, get_args

import duckdb
from kafka.errors import KafkaError

from control_room.deciding_again.held_outcomes import HELD, keep_held
from control_room.deciding_again.outcomes import Change
from control_room.deciding_again.plan import Part, Plan, Stretch, plan_folder, read_plan, rules_in_force, write_plan
from control_room.deciding_again.reading_again import Counts, begin, decide_again
from network_registry.clinics import list_clinics
from network_registry.connections import platform_connection
from network_registry.database import open_registry
from network_registry.home import Home
from network_registry.settings import Settings
from network_registry.topics import STREAM_GROUP, events_topic
from session_stream.decide import Source
from warehouse_releases.broker_view import BrokerView
from warehouse_releases.builder import build_now
from warehouse_releases.cycle import Progress
from warehouse_releases.kafka_clients import BrokerSilent
from warehouse_releases.landed_barrier import wait_until_landed
from warehouse_releases.ledger import Release
from warehouse_releases.one_line import in_one_line
from warehouse_releases.process_lock import only_one
from warehouse_releases.time_left import in_words, time_left

COUNTED = (*get_args(Change), "expired")
_PASSED_ON = ("healed", "changed", "restored")
_TOLD_EVERY_S = 5.0


class NotDecidedAgain(Exception):
    """It stopped before its end: one line that says why. What is done is done; the same command goes on."""


@dataclass(frozen=True)
class DecidedAgain:
    """`counts` of every event that the topics still held, by what became of it. `events` were read in `seconds` by this
    command, the rest by one that was interrupted. `release` is what came of it, None where nothing was passed on."""

    counts: Counts
    dry_run: bool
    resumed: bool
    events: int
    seconds: float
    release: Release | None

    def as_json(self) -> dict[str, Any]:
        return {
            "from": "topics",
            "dry_run": self.dry_run,
            "resumed": self.resumed,
            "counts": self.counts,
            "events": self.events,
            "seconds": round(self.seconds, 1),
            "events_per_second": round(self.events / self.seconds) if self.seconds else None,
            "release": self.release and self.release.as_json(),
        }

    def in_words(self) -> str:
        total = sum(self.counts.values())
        named = ", ".join(f"{count:,} {name}" for name, count in self.counts.items())
        return f"{total:,} events decided again{' (dry run)' if self.dry_run else ''}: {named}"


def rebuild_from_topics(
    home: Home, settings: Settings, dry_run: bool = False, progress: Progress = lambda _: None
) -> DecidedAgain:
    """Decide again what was committed when this began, or when the one began that was interrupted and is gone on with.

    Raises `NotDecidedAgain`, `NotLanded`, or `AlreadyRunning` beside another rebuild.
    """
    folder = plan_folder(home)
    with only_one(home.run / "rebuild.lock", "rebuild"):
        plan, resumed = _planned(home, settings, folder, dry_run, progress)
        began, before = time.monotonic(), plan.done
        _carry_out(home, settings, folder, plan, progress)
        seconds = time.monotonic() - began
        counts = {name: plan.counts.get(name, 0) for name in COUNTED}
        release = None
        if not dry_run and any(counts[name] for name in _PASSED_ON):
            release = build_now(home, settings, progress=progress)
        shutil.rmtree(folder, ignore_errors=True)
        return DecidedAgain(counts, dry_run, resumed, plan.done - before, seconds, release)


def _planned(home: Home, settings: Settings, folder: Path, dry_run: bool, progress: Progress) -> tuple[Plan, bool]:
    """The plan, and whether it is one that was begun before: with other rules, or for other topics, it is of no use."""
    try:
        with BrokerView(platform_connection(home, settings)) as view:
            fresh = Plan(rules_in_force(), dry_run, list(_parts(home, view)))
    except KafkaError as error:
        why = f"the broker does not answer, or does not take our credential ({type(error).__name__})"
        raise NotDecidedAgain(why) from None
    kept = read_plan(folder)
    if kept is not None and kept.goes_on_with(fresh):
        progress(f"going on: {kept.done:,} of {kept.total:,} events are done")
        _keep_held(home, settings, folder, progress)
        return kept, True
    if kept is not None:
        progress("what was begun was begun with other rules, or for other topics: beginning anew")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    # What was committed when the plan was made has landed when this returns.
    wait_until_landed(home, settings, progress)
    _keep_held(home, settings, folder, progress)
    write_plan(folder, fresh)
    return fresh, False


def _parts(home: Home, view: BrokerView) -> Iterator[Part]:
    clinics = {events_topic(clinic.clinic_id): clinic.clinic_id for clinic in list_clinics(open_registry(home))}
    sources = view.existing(clinics)
    bounds, committed = view.bounds(sources), view.committed(STREAM_GROUP, sources)
    for one in sources:
        place = Source(clinics[one.topic], one.cluster_id, one.topic, one.topic_id, one.partition)
        if (first := bounds[one].first) < (end := min(committed[one], bounds[one].end)):
            yield Part(place, first, end - 1)


def _keep_held(home: Home, settings: Settings, folder: Path, progress: Progress) -> None:
    progress("looking up what the lake holds")
    try:
        keep_held(home.lake, folder / HELD, settings.build_memory)
    except duckdb.Error as error:
        raise NotDecidedAgain(f"what the lake holds cannot be looked up: {in_one_line(error)}") from None


def _carry_out(home: Home, settings: Settings, folder: Path, plan: Plan, progress: Progress) -> None:
    began, told_at, before = None, None, plan.done
    for stretch, counts in _decided(home, settings, folder, plan):
        plan.note(stretch, counts)
        write_plan(folder, plan)
        now = time.monotonic()
        if began is None or told_at is None:
            # The pace is that of processes that have started.
            began, told_at, before = now, now, plan.done
        elif now - told_at >= _TOLD_EVERY_S:
            told_at = now
            progress(_told(plan, before, now - began))


def _told(plan: Plan, before: int, seconds: float) -> str:
    done, total = plan.done, plan.total
    left = in_words(time_left(done - before, total - before, seconds))
    pace = f"{(done - before) / seconds:,.0f} a second" if seconds else ""
    return f"{done:,} of {total:,} events ({done / total:.0%}), {pace}, {left}; {plan.counts.get('healed', 0):,} healed"


def _decided(home: Home, settings: Settings, folder: Path, plan: Plan) -> Iterator[tuple[Stretch, Counts]]:
    """Each stretch that was left, when it is done. Raises `NotDecidedAgain`."""
    stretches = plan.stretches()
    workers = os.cpu_count() or 1
    with _processes(workers, (os.getpid(), home, settings, folder / HELD, plan.dry_run)) as pool:
        under_way: dict[Future[Counts], Stretch] = {}
        try:
            while True:
                for stretch in islice(stretches, 2 * workers - len(under_way)):
                    with _ctrl_c_later():
                        under_way[pool.submit(decide_again, stretch)] = stretch
                if not under_way:
                    return
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    yield under_way.pop(future), future.result()
        except (KafkaError, BrokerSilent) as error:
            raise NotDecidedAgain(f"the broker went away ({type(error).__name__}): the same command goes on") from None
        except duckdb.Error as error:
            why = (
                f"what it works with is gone, as after an erasure ({in_one_line(error)}): the same command begins anew"
            )
            raise NotDecidedAgain(why) from None
        except BrokenProcessPool:
            raise NotDecidedAgain("a process that reads was killed: the same command goes on") from None


@contextmanager
def _ctrl_c_later() -> Iterator[None]:
    """A process that is started meanwhile never hears of Ctrl-C, which is for the command: it ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _processes(workers: int, given: tuple[Any, ...]) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=begin, initargs=given)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
