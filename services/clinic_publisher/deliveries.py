"""Deliver the outboxes of many clinics, a few at a time, and sum up what became of them."""

import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from clinic_publisher.broker_access import AccessRefused, BrokerUnreachable
from clinic_publisher.delivery import deliver
from clinic_publisher.dispatch import Contact, Dispatch, Patience
from clinic_publisher.intake import outbox_path
from clinic_publisher.outbox import Outbox
from clinic_publisher.outbox_file import OutboxUnusable
from clinic_publisher.outbox_records import Tally
from clinic_publisher.progress import Listener, ProgressMeter, Stage
from clinic_publisher.report import PublishReport
from network_registry.connections import CredentialMissing, clinic_connection
from network_registry.home import Home
from network_registry.settings import Settings

# A producer is one thread's work, and Python runs one at a time: more clinics at once gain nothing.
_AT_ONCE = 4


@dataclass(frozen=True)
class Delivering:
    """How a publish delivers: whether it waits for landings, for how long, whom it tells, when the broker answered."""

    home: Home
    settings: Settings
    folder: Path
    wait: bool
    progress: Listener
    patience: Patience
    contact: Contact = field(default_factory=Contact, init=False)


@dataclass(frozen=True)
class _Outcome:
    """What became of one clinic's outbox; `ours` are the events of this publish, which it counts under `run`."""

    run: int | None
    sent: int
    oversize: int
    whole: Tally
    ours: Tally
    reasons: dict[str, int]
    problem: str | None


def deliver_outboxes(how: Delivering, runs: dict[str, int | None], report: PublishReport) -> None:
    """Deliver the outboxes of these clinics (with the run that their events were put in under, if any)."""
    expected: dict[Stage, int] = {"sent": report.events - report.already_published, "landed": report.events}
    meter, stopped = ProgressMeter(how.progress, expected), threading.Event()
    # Everything is sent before anything is waited for: then the platform works on all of it at once.
    rounds = (False, True) if how.wait and len(runs) > 1 else (how.wait,)
    outcomes: dict[str, _Outcome] = {}
    for wait in rounds:
        latest = {} if stopped.is_set() else _deliver_all(how, runs, wait, meter, stopped)
        report.sent += sum(outcome.sent for outcome in latest.values())
        outcomes.update(latest)
        runs = {clinic_id: outcome.run for clinic_id, outcome in latest.items() if not outcome.problem}
    for outcome in outcomes.values():
        _add(outcome, report)
    _say_what_is_left(outcomes.values(), how, report)


def _deliver_all(
    how: Delivering, runs: dict[str, int | None], wait: bool, meter: ProgressMeter, stopped: threading.Event
) -> dict[str, _Outcome]:
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="publish") as pool:
        try:
            outcomes = pool.map(lambda one: _deliver_one(how, one[0], one[1], wait, meter, stopped), runs.items())
            return dict(zip(runs, outcomes, strict=True))
        except BaseException:
            # Ctrl-C, mostly: the threads end at their next look instead of holding the process for minutes.
            stopped.set()
            raise


def _deliver_one(
    how: Delivering, clinic_id: str, run: int | None, wait: bool, meter: ProgressMeter, stopped: threading.Event
) -> _Outcome:
    try:
        connection = clinic_connection(how.home, how.settings, clinic_id)
        with closing(Outbox(outbox_path(how.folder, clinic_id))) as outbox:
            run = run or outbox.new_run()
            dispatch = Dispatch(clinic_id, connection, outbox, run, meter, how.patience, how.contact, stopped)
            problem = _try_to_deliver(dispatch, wait)
            left = (outbox.tally(), outbox.tally(run), outbox.reasons(run))
            return _Outcome(run, dispatch.sent, dispatch.oversize, *left, problem)
    except (CredentialMissing, OutboxUnusable) as error:
        return _Outcome(run, 0, 0, Tally(), Tally(), {}, f"clinic {clinic_id}: {error}")


def _try_to_deliver(dispatch: Dispatch, wait: bool) -> str | None:
    """None, or in one line why not everything went out."""
    try:
        deliver(dispatch, wait)
    except BrokerUnreachable as outage:
        # What one clinic cannot reach the others cannot either.
        dispatch.stopped.set()
        return str(outage)
    except AccessRefused as refusal:
        return str(refusal)


def _add(outcome: _Outcome, report: PublishReport) -> None:
    report.clinics += 1
    report.waiting += outcome.whole.queued
    report.unlanded += outcome.whole.unlanded
    report.verdicts.update(outcome.ours.verdicts)
    report.reasons.update(outcome.reasons)
    if outcome.problem:
        report.problem(outcome.problem)


def _say_what_is_left(outcomes: Collection[_Outcome], how: Delivering, report: PublishReport) -> None:
    oversize = sum(outcome.oversize for outcome in outcomes)
    if oversize:
        report.problem(f"{oversize} events are larger than the broker takes; they stay in the outbox")
    if report.waiting > oversize:
        report.problem(f"{report.waiting - oversize} events wait in the outbox and go with the next publish")
    if how.wait and report.unlanded:
        report.problem(f"{report.unlanded} events were sent and have not landed yet; the outbox keeps them until then")
