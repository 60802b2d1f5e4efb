"""Erase patients: from the lake, from what was made of it, from the home's outboxes. Whoever comes next finishes it.

The order is the promise: first nobody lets the patient in again, then the lake is rewritten, then a release is made of
it, and when that is on show everything older goes. Every step can be done again, so a kill costs only time.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress

from sqlalchemy import Engine

from network_registry.erased_patients import ErasedList, ErasedPatients
from network_registry.erasures import (
    Erasure,
    begin_rewriting,
    end_rewriting,
    finish_erasure,
    hold_up,
    open_erasures,
    rewritings,
)
from network_registry.home import Home
from network_registry.keys import erasure_key
from network_registry.settings import Settings
from warehouse_releases.build_folders import current_release
from warehouse_releases.cycle import Progress, build_release
from warehouse_releases.damage import ManifestUnreadable, read_manifest
from warehouse_releases.erasure_plan import LakePlan, plan_erasure
from warehouse_releases.erasure_purge import exported_files, exports_before, kept_builds, old_versions, purge
from warehouse_releases.erasure_rewriting import rewrite_lake
from warehouse_releases.failure_place import failure_place
from warehouse_releases.lake import list_segments, writing
from warehouse_releases.replacing import nobody_reading

# Takes the erased out of the outboxes of these clinics, or only counts their events there; how many there were.
EraseOutboxes = Callable[[Iterable[str], ErasedPatients, bool], int]


class NoRelease(Exception):
    """The release without the erased was not made, so what was made before stays: one line that says why."""


def work_on_erasures(
    home: Home, settings: Settings, engine: Engine, erase_outboxes: EraseOutboxes, progress: Progress
) -> None:
    """Finish every erasure that is under way. To be called by the holder of the builder's lock while it does not build.

    One that cannot be finished says why in its row of the registry.
    """
    waiting = open_erasures(engine)
    try:
        for erasure in waiting:
            if erasure.status != "rewritten":
                progress(f"erasure {erasure.erasure_id}: rewriting the lake")
                _rewrite(home, engine, erasure, erase_outboxes)
        release_id = _release(home, settings, engine, progress)
        erase_outboxes({one.clinic_id for one in waiting}, ErasedList(home, engine).read(), False)
        if any(one.counts["rows"] for one in open_erasures(engine)):
            progress("purging what was made before")
            purge(home, engine)
    except Exception as error:
        reason = str(error) if isinstance(error, NoRelease) else failure_place(error)
        for erasure in waiting:
            hold_up(engine, erasure.erasure_id, reason)
        progress(f"the erasure is not finished: {reason}")
        return
    for erasure in waiting:
        finish_erasure(engine, erasure.erasure_id, release_id)


def preview(
    home: Home, engine: Engine, keyed_hash: str, clinic_id: str, erase_outboxes: EraseOutboxes
) -> dict[str, int]:
    """What an erasure would take away now, by `network_registry.erasures.COUNTS`. Changes nothing."""
    plan = plan_erasure(home.lake, _known(home, engine), keyed_hash)
    return _counts(home, engine, plan, erase_outboxes({clinic_id}, plan.erased, True))


def _rewrite(home: Home, engine: Engine, erasure: Erasure, erase_outboxes: EraseOutboxes) -> None:
    # A rebuild reads for long, and must not hold up the lander: so it is waited for before the lander has to wait.
    with nobody_reading(home.lake), writing(home.lake):
        if erasure.status == "requested":
            plan = plan_erasure(home.lake, _known(home, engine), erasure.keyed_hash)
            counts = _counts(home, engine, plan, erase_outboxes({erasure.clinic_id}, plan.erased, True))
            begin_rewriting(engine, erasure.erasure_id, plan.new_patients, plan.new_events, counts)
        rewrite_lake(home.lake, ErasedList(home, engine).read())
        end_rewriting(engine, erasure.erasure_id)


def _known(home: Home, engine: Engine) -> ErasedPatients:
    known = ErasedList(home, engine).read()
    return known if known else ErasedPatients(erasure_key(home).secret)


def _counts(home: Home, engine: Engine, plan: LakePlan, outbox_events: int) -> dict[str, int]:
    """Of versions all that there are, for the one on show is replaced as well; none, when there is nothing to erase."""
    current = current_release(home)
    purged = plan.rows > 0
    return {
        "pseudonyms": plan.pseudonyms,
        "rows": plan.rows,
        "segments": plan.segments,
        "versions": purged * (len(old_versions(home)) + (current is not None)),
        "failed_builds": purged * len(kept_builds(home)),
        "outbox_events": outbox_events,
        "exported_files": purged * len(list(exported_files(home, exports_before(engine, None)))),
    }


def _release(home: Home, settings: Settings, engine: Engine, progress: Progress) -> int | None:
    """The release that is on show when everybody erased is out of it; made now unless there is one. None in a home that
    has none and nothing to make one of. Raises `NoRelease`."""
    current = current_release(home)
    if current is None and not list_segments(home.lake):
        return None
    if current is not None and _erasures_of(home) >= rewritings(engine):
        return current.release_id
    release = build_release(home, settings, engine, progress)
    if release.status != "released":
        raise NoRelease(f"release {release.release_id} is not shown: {release.manifest.get('error')}")
    return release.release_id


def _erasures_of(home: Home) -> int:
    """How many rewritings the release on show knows of; -1 for one that does not say."""
    current = current_release(home)
    with suppress(ManifestUnreadable):
        return read_manifest(current).get("erasures", 0) if current else -1
    return -1
