"""The locks in the registry: which there are, and the release that each was made with."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.dialects.sqlite import insert

from network_registry.tables import locks
from warehouse_releases.lock_folders import LockMade


def record_lock(engine: Engine, made: LockMade) -> None:
    """Write a lock down. Writing it again, as after a crash, changes nothing."""
    row = {
        "period": made.period,
        "closed_until": made.closed_until,
        "locked_at": made.locked_at.astimezone(UTC).replace(tzinfo=None),
        "release_id": made.said["release_id"],
        "folder": str(made.folder.root),
    }
    with engine.begin() as connection:
        connection.execute(insert(locks).values(row).on_conflict_do_nothing())


def recorded_locks(engine: Engine) -> list[tuple[str, date, datetime, int]]:
    """Period, first day after it, when it was locked (UTC), and the release; the oldest first."""
    columns = select(locks.c.period, locks.c.closed_until, locks.c.locked_at, locks.c.release_id)
    with engine.connect() as connection:
        return [
            (row.period, row.closed_until, row.locked_at.replace(tzinfo=UTC), row.release_id)
            for row in connection.execute(columns.order_by(locks.c.closed_until))
        ]
