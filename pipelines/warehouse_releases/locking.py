"""A data lock: the analysts' marts over closed periods, under disclosure control, audited and then never changed.

A lock is made in its build's folder and gets its place under `warehouse/locks` by one rename: whatever dies, it is
there whole or not at all, and the next build makes it or finds it.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Engine

from clinic_events.resources import bundled
from disclosure_control.auditor import audit_locks
from disclosure_control.control import control
from disclosure_control.declarations import Declaration
from disclosure_control.locks import Lock, lock_as_json, lock_from_json
from disclosure_control.published_facts import DoesNotAddUp
from disclosure_control.restatements import Restatement, restatements
from disclosure_control.withholding import CannotBeHidden
from network_registry.home import Home
from network_registry.settings import Settings
from warehouse_releases.analyst_file import Layout, analyst_declarations, layouts, said_too_much, write_analyst_file
from warehouse_releases.build_folders import BuildFolder
from warehouse_releases.build_inputs import BuildInputs
from warehouse_releases.durable_files import flush_folder, flush_to_disk, make_durable_folder, write_durably
from warehouse_releases.file_digest import sha256_of
from warehouse_releases.lock_folders import LockDamaged, LockFolder, LockMade, list_locks, locks_folder
from warehouse_releases.lock_ledger import record_lock
from warehouse_releases.lock_news import news_since
from warehouse_releases.lock_periods import Period, last_closed
from warehouse_releases.locked_marts import (
    SCHEMA,
    drop_locked_marts,
    read_newest_arrival,
    read_open_tables,
    read_types,
)
from warehouse_releases.one_line import in_one_line

_LEAKS_TOLD = 3


class LockFailed(Exception):
    """A lock that was due was not made, or must not be shown: one line that says why."""


@dataclass(frozen=True)
class Locking:
    """What a build brings to a lock; `database` is the one that its dbt worked on."""

    home: Home
    settings: Settings
    engine: Engine
    build: BuildFolder
    database: Path
    inputs: BuildInputs
    dbt_manifest: Mapping[str, Any]
    code: Mapping[str, Any]

    @cached_property
    def declarations(self) -> dict[str, Declaration]:
        """Raises `DeclarationIncomplete`."""
        return analyst_declarations(self.dbt_manifest)


def due_period(locks: Sequence[LockMade], settings: Settings, as_of: datetime) -> Period | None:
    """The period that has closed since the last lock; None when none has."""
    period = last_closed(as_of, settings.lock_period)
    return period if not locks or period.closed_until > locks[-1].closed_until else None


def due_lock(home: Home, settings: Settings, as_of: datetime) -> str | None:
    """The period that a build would lock; None when none has closed, or when the build has to tell what is wrong."""
    try:
        period = due_period(list_locks(home), settings, as_of)
    except LockDamaged:
        return None
    return period.name if period else None


def provide_analyst_file(locking: Locking, may_lock: bool, progress: Callable[[str], None]) -> dict[str, Any]:
    """Make a lock when one is due and wanted, and give the build the analyst's file of the newest: for its manifest.

    Raises `LockDamaged` or `DeclarationIncomplete`. A lock that fails is not shown: the one before
    stays, and the answer says why.
    """
    locks, failed = list_locks(locking.home), None
    # A mart that does not say what its cells are fails every build, not the next lock.
    _ = locking.declarations
    period = due_period(locks, locking.settings, locking.inputs.as_of)
    if may_lock and period:
        progress(f"locking {period.name}")
        try:
            _publish(locking, _made(locking, period, locks))
        except LockFailed as error:
            failed = f"lock {period.name} is not shown: {error}"
        locks = list_locks(locking.home)
    analyst = locking.build.warehouse("analyst")
    if not locks:
        write_analyst_file(analyst, Lock("", {}), {}, [])
    else:
        record_lock(locking.engine, locks[-1])
        _link(_whole(locks[-1]), analyst)
    analyst.chmod(0o644)
    return {"lock": locks[-1].as_json() if locks else None, "lock_failed": failed}


def _made(locking: Locking, period: Period, locks: Sequence[LockMade]) -> LockFolder:
    """The lock in its build's folder, audited. Raises `LockFailed` or `LockDamaged`."""
    try:
        tables, layout, newest_arrival = _read_marts(locking, period)
        history = [made.folder.read_cells() for made in locks]
        lock = control(period.name, period.closed_until, tables, history)
        restated = _restated(locking, lock, history, locks)
    except (DoesNotAddUp, CannotBeHidden, duckdb.Error) as error:
        raise LockFailed(in_one_line(error)) from None
    folder = LockFolder(locking.build.root / "lock" / period.name).create()
    write_durably(folder.cells, lambda aside: aside.write_text(json.dumps(lock_as_json(lock))))
    write_analyst_file(folder.analyst_file, lock, layout, restated)
    folder.analyst_file.chmod(0o644)
    _audit(folder, history, lock)
    description = {
        "period": period.name,
        "closed_until": period.closed_until.isoformat(),
        "locked_at": datetime.now(UTC).isoformat(),
        "as_of": locking.inputs.as_of.isoformat(),
        "release_id": locking.build.release_id,
        "newest_arrival": newest_arrival.isoformat() if newest_arrival else None,
        "code": locking.code,
        "segments": locking.inputs.segment_ranges,
        "checksum": sha256_of(folder.analyst_file),
        "layout": {name: asdict(each) for name, each in layout.items()},
        "restatements": [asdict(each) for each in restated],
    }
    write_durably(folder.description, lambda aside: aside.write_text(json.dumps(description)), mode=0o644)
    return folder


def _read_marts(locking: Locking, period: Period) -> tuple[list, dict[str, Layout], datetime | None]:
    from warehouse_releases.dbt_build import run_locked_marts

    variables = locking.inputs.dbt_variables(locking.build.registry_export, None)
    closing = variables | {"closed_until": period.closed_until.isoformat()}
    outcome = run_locked_marts(bundled("dbt"), locking.build, locking.database, closing, locking.settings, SCHEMA)
    if outcome.error:
        raise LockFailed(outcome.error)
    try:
        types = read_types(locking.database, locking.declarations)
        tables = read_open_tables(locking.database, locking.declarations)
        return tables, layouts(locking.dbt_manifest, types), read_newest_arrival(locking.database)
    finally:
        drop_locked_marts(locking.database)


def _restated(locking: Locking, lock: Lock, history: Sequence[Lock], locks: Sequence[LockMade]) -> list[Restatement]:
    """Those of all locks, the newest last."""
    if not locks:
        return []
    news = news_since(locks[-1].said, locking.code, locking.database, locking.engine)
    earlier = [Restatement(**each) for each in locks[-1].said["restatements"]]
    return earlier + restatements(history[-1], lock, news)


def _audit(folder: LockFolder, history: Sequence[Lock], lock: Lock) -> None:
    """What was written is what the lock shows, and with all that was shown before it gives nothing away."""
    if wrong := said_too_much(folder.analyst_file, lock):
        raise LockFailed(f"its file does not say what it shows of {', '.join(wrong)}")
    if leaks := audit_locks([*history, lock_from_json(json.loads(folder.cells.read_text()))]):
        told = "; ".join(f"{leak.name} can be told" for leak in leaks[:_LEAKS_TOLD])
        raise LockFailed(told if len(leaks) <= _LEAKS_TOLD else f"{told}; and {len(leaks) - _LEAKS_TOLD} more")


def _publish(locking: Locking, folder: LockFolder) -> None:
    flush_folder(folder.root)
    place = locks_folder(locking.home)
    make_durable_folder(place)
    folder.root.rename(place / folder.root.name)
    flush_to_disk(place)


def _whole(made: LockMade) -> Path:
    """The lock's analyst file; written again from the lock's cells where it is not what was locked."""
    path = made.folder.analyst_file
    if not path.exists() or sha256_of(path) != made.said["checksum"]:
        layout = {name: Layout(**each) for name, each in made.said["layout"].items()}
        restated = [Restatement(**each) for each in made.said["restatements"]]
        cells = made.folder.read_cells()
        path.unlink(missing_ok=True)
        write_durably(path, lambda aside: write_analyst_file(aside, cells, layout, restated), mode=0o644)
        said = made.said | {"checksum": sha256_of(path)}
        write_durably(made.folder.description, lambda aside: aside.write_text(json.dumps(said)), mode=0o644)
    return path


def _link(path: Path, analyst: Path) -> None:
    """One file on the disk for all versions that show the same lock, where the disk can do that."""
    analyst.unlink(missing_ok=True)
    with suppress(OSError):
        os.link(path, analyst)
    if not analyst.exists():
        shutil.copy(path, analyst)
