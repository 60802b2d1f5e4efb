"""The resident builder, and `meridian build`, which asks it or takes its place.

Whoever holds the lock builds. dbt and Great Expectations are imported once, and a request in the ledger outlives every
process: the next builder takes it up.
"""

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy import Engine

from network_registry.database import open_registry
from network_registry.erasures import let_go_on, waiting_erasures
from network_registry.home import Home, HomeMissing
from network_registry.settings import Settings
from warehouse_releases.broken_build import note_broken, note_ended
from warehouse_releases.build_folders import current_release
from warehouse_releases.build_inputs import gather_inputs
from warehouse_releases.build_progress import last_told, tell_others
from warehouse_releases.compaction import compact
from warehouse_releases.cycle import Progress, build_release, import_tools
from warehouse_releases.damage import damage, read_manifest
from warehouse_releases.erasure import EraseOutboxes, work_on_erasures
from warehouse_releases.failure_place import failure_place
from warehouse_releases.landed_barrier import wait_until_landed
from warehouse_releases.landing_again import land_again
from warehouse_releases.ledger import (
    EVERYTHING,
    LOCK,
    BuildRequest,
    Release,
    asked_by,
    finish_requests,
    list_recorded,
    read_request,
    request_build,
    start_requests,
    take_up_orphans,
)
from warehouse_releases.locking import due_lock
from warehouse_releases.process_lock import AlreadyRunning, only_one
from warehouse_releases.stop_signals import stop_on_signal
from warehouse_releases.traces_of_work import traces_of_work
from warehouse_releases.versions import recover
from warehouse_releases.workshop import begin_anew

_LOOK_S = 0.3
# For how long a builder may leave no trace of work before nobody waits for it any more.
_SILENT_S = 600.0

_log = structlog.get_logger("builder")


class BuildFailed(Exception):
    """No release came of a request, and no verdict either: one line that says why."""


class RegistryReplaced(Exception):
    """The registry's file was removed or exchanged while it was open."""


def builder_lock(home: Home) -> Path:
    return home.run / "builder.lock"


def run_builder(
    home: Home, settings: Settings, stop: threading.Event | None = None, erase_outboxes: EraseOutboxes | None = None
) -> int:
    """Build on request, and when something new has landed, until SIGTERM, SIGINT or `stop`. 0 after a clean stop.

    Erasures are worked on where `erase_outboxes` is given; elsewhere they wait.
    """
    stop, told = stop or stop_on_signal(), None
    while not stop.is_set():
        try:
            engine = open_registry(home)
            with only_one(builder_lock(home), "builder"), _tools():
                _serve(home, settings, engine, stop, erase_outboxes)
        except AlreadyRunning as error:
            # `meridian build` in the place of a builder that died: it ends, and there must be a builder then.
            if str(error) != told:
                _log.info(f"waiting: {error}")
            told = str(error)
            stop.wait(_LOOK_S)
        except (HomeMissing, RegistryReplaced) as error:
            _log.error(str(error))
            return 1
    return 0


def build_now(
    home: Home,
    settings: Settings,
    wait_landed: bool = True,
    progress: Progress = lambda _: None,
    silent_s: float = _SILENT_S,
    requested_by: str = "meridian build",
) -> Release:
    """Make a release of everything that was published when this was called.

    Returns the build with its verdict. Raises `BuildFailed`, also when a builder that holds the lock leaves no trace of
    work for `silent_s`, or `NotLanded` when waiting for the lander is of no use.
    """
    engine = open_registry(home)
    if wait_landed:
        wait_until_landed(home, settings, progress)
    request = _answered(home, settings, engine, request_build(engine, requested_by), progress, silent_s)
    for release in list_recorded(engine):
        if release.release_id == request.release_id:
            return release
    raise BuildFailed(request.error or "the build left no trace")


def _serve(
    home: Home, settings: Settings, engine: Engine, stop: threading.Event, erase_outboxes: EraseOutboxes | None
) -> None:
    """Raises `RegistryReplaced`: requests to the new one would never be seen, and the old one's clinics are history."""
    opened = _identity(home.registry_db)

    def tell(step: str) -> None:
        _log.info(step)
        tell_others(home, step)

    take_up_orphans(engine)
    recover(home, engine, _log.warning)
    let_go_on(engine)
    attempted, locked, look_at = _shown_inputs(home), None, 0.0
    _log.info("building", releases=str(home.warehouse))
    while not stop.is_set():
        if _identity(home.registry_db) != opened:
            raise RegistryReplaced(f"{home.registry_db} is not the file that was opened: to be started anew")
        if erase_outboxes and waiting_erasures(engine):
            work_on_erasures(home, settings, engine, erase_outboxes, tell)
            attempted = _shown_inputs(home)
        elif requests := start_requests(engine):
            attempted = _answer(home, settings, engine, requests, tell)
        elif time.monotonic() >= look_at:
            look_at = time.monotonic() + settings.build_interval_s
            found = gather_inputs(home, settings, engine)
            due = due_lock(home, settings, found.as_of)
            has_news = found.fingerprint != attempted or _shown_is_damaged(home)
            if found.segments and (has_news or due not in (None, locked)):
                # A lock that fails is tried again with the next news, not at every look.
                locked, attempted = due, _answer(home, settings, engine, [], tell, may_lock=True)
            _compact(home, settings)
        stop.wait(_LOOK_S)


def _compact(home: Home, settings: Settings) -> None:
    """Between builds, so that no build has the names of files that go. What cannot be merged stays as it is."""
    if settings.compacted_rows:
        try:
            compact(home.lake, settings.compacted_rows)
        except Exception as error:
            _log.warning(f"segments were not compacted: {failure_place(error)}")


def _answer(
    home: Home, settings: Settings, engine: Engine, requests: list[int], progress: Progress, may_lock: bool = False
) -> str | None:
    """Build once for all of these requests. Returns the fingerprint of what was built from, None when it broke.

    A lock takes longer than a release: who asked for a release does not wait for one.
    """
    try:
        asked = asked_by(engine, requests)
        if EVERYTHING in asked:
            begin_anew(home)
            land_again(home, settings, engine, progress)
        release = build_release(home, settings, engine, progress, may_lock or LOCK in asked)
    except Exception as error:
        # Whatever it is, the builder lives on, and whoever asked hears of it.
        reason = f"the build broke: {failure_place(error)}"
        progress(reason)
        note_broken(home, reason)
        finish_requests(engine, requests, None, reason)
        return None
    note_ended(home)
    if release.status == "released":
        let_go_on(engine)
    reason = release.manifest.get("error")
    finish_requests(engine, requests, release.release_id, reason)
    progress(f"release {release.release_id}: {release.status}" + (f" ({reason})" if reason else ""))
    return release.manifest["inputs"]


def _answered(
    home: Home, settings: Settings, engine: Engine, request_id: int, progress: Progress, silent_s: float
) -> BuildRequest:
    """Wait for the builder's answer; when there is no builder, or it dies, build here."""
    progress("waiting for the builder")
    traces, moved_at, told = None, time.monotonic(), last_told(home)
    while (request := read_request(engine, request_id)).status in ("waiting", "running"):
        try:
            with only_one(builder_lock(home), "builder"):
                take_up_orphans(engine)
                if requests := start_requests(engine):
                    _answer(home, settings, engine, requests, progress)
        except AlreadyRunning as error:
            if told != (told := last_told(home)) and told:
                progress(told)
            if traces != (traces := traces_of_work(home, request)):
                moved_at = time.monotonic()
            elif time.monotonic() - moved_at > silent_s:
                raise BuildFailed(f"nothing has moved for {silent_s:g} s, but {error}: is it stopped?") from None
            time.sleep(_LOOK_S)
    return request


@contextmanager
def _tools() -> Iterator[None]:
    import_tools()
    # They stay: to look through them for garbage takes a twentieth of a small build.
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _shown_inputs(home: Home) -> str | None:
    current = current_release(home)
    return read_manifest(current).get("inputs") if current else None


def _shown_is_damaged(home: Home) -> bool:
    current = current_release(home)
    return current is not None and damage(current) is not None
