"""A lock when somebody asks for one: of the last closed period, and only when one has closed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from network_registry.home import Home
from network_registry.settings import Settings
from warehouse_releases.builder import build_now
from warehouse_releases.cycle import Progress
from warehouse_releases.ledger import LOCK
from warehouse_releases.lock_folders import LockMade, list_locks
from warehouse_releases.lock_periods import closes_at
from warehouse_releases.locking import due_period


@dataclass(frozen=True)
class LockAnswer:
    """`made` says whether there is a lock that was not there before; `reason`, in one line, why not.

    `newest` is the lock that analysts read now, `next_closes_at` when the next one can be made (UTC).
    """

    made: bool
    newest: LockMade | None
    next_closes_at: datetime | None
    release_id: int | None
    reason: str | None

    @property
    def failed(self) -> bool:
        return self.release_id is not None and not self.made

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = dict.fromkeys(("period", "closed_until", "locked_at", "as_of"))
        return {
            "locked": self.made,
            **(self.newest.as_json() if self.newest else shown),
            "next_closes_at": self.next_closes_at.isoformat() if self.next_closes_at else None,
            "release_id": self.release_id,
            "reason": self.reason,
        }


def lock_now(
    home: Home, settings: Settings, wait_landed: bool = True, progress: Progress = lambda _: None
) -> LockAnswer:
    """Lock the last closed period, with a build, unless that is done.

    Raises `BuildFailed`, `NotLanded` or `LockDamaged`.
    """
    kind, locks = settings.lock_period, list_locks(home)
    due = due_period(locks, settings, settings.as_of or datetime.now(UTC))
    if due is None:
        newest = locks[-1]
        closes = closes_at(newest.closed_until, kind)
        reason = f"nothing has closed since {newest.period}; the next {kind} closes on {closes:%Y-%m-%d at %H:%M} UTC"
        return LockAnswer(False, newest, closes, None, reason)
    release = build_now(home, settings, wait_landed, progress, requested_by=LOCK)
    newest = (list_locks(home) or [None])[-1]
    made = newest is not None and newest.period == due.name
    closes = closes_at(newest.closed_until, kind) if newest else None
    failed = release.manifest.get("error") or release.manifest.get("lock_failed")
    return LockAnswer(made, newest, closes, release.release_id, None if made else failed or "the build made no lock")
