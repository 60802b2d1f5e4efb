"""The ledger: who asked for a release, what became of it, and which releases there are. Rows of the registry database.

Only the holder of the builder's lock works on requests, so a request that is `running` while one takes the lock belongs
to a builder that died: it is taken up again.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from network_registry.tables import build_requests, releases

# Who asks for a build of everything, whatever the last build left; and who asks for a data lock with it.
EVERYTHING = "meridian rebuild"
LOCK = "meridian lock"


@dataclass(frozen=True)
class BuildRequest:
    """`status` is waiting, running, released or failed."""

    request_id: int
    status: str
    release_id: int | None
    error: str | None


@dataclass(frozen=True)
class Release:
    """One build that got a verdict: `status` is released, audit_failed or build_failed. Times are UTC.

    Of its manifest, `lock` is the data lock that its analyst tier shows.
    """

    release_id: int
    created_at: datetime
    as_of: datetime
    status: str
    folder: str
    manifest: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        times = {"created_at": self.created_at.isoformat(), "as_of": self.as_of.isoformat()}
        lock = (self.manifest.get("lock") or {}).get("period")
        return {"release_id": self.release_id, "status": self.status, **times, "folder": self.folder, "lock": lock}


def request_build(engine: Engine, requested_by: str) -> int:
    row = {"requested_at": _now(), "requested_by": requested_by, "status": "waiting"}
    with engine.begin() as connection:
        return connection.execute(
            insert(build_requests).values(row).returning(build_requests.c.request_id)
        ).scalar_one()


def read_request(engine: Engine, request_id: int) -> BuildRequest:
    table = build_requests.c
    columns = select(table.request_id, table.status, table.release_id, table.error)
    with engine.connect() as connection:
        return BuildRequest(*connection.execute(columns.where(table.request_id == request_id)).one())


def take_up_orphans(engine: Engine) -> int:
    """Let the requests of a builder that died wait again. To be called by the holder of the builder's lock."""
    running = build_requests.c.status == "running"
    with engine.begin() as connection:
        statement = update(build_requests).where(running).values(status="waiting", builder_pid=None)
        return connection.execute(statement).rowcount


def asked_by(engine: Engine, request_ids: list[int]) -> set[str]:
    """Who made these requests; `EVERYTHING` and `LOCK` among them want more than a build."""
    asked = select(build_requests.c.requested_by).where(build_requests.c.request_id.in_(request_ids))
    with engine.connect() as connection:
        return set(connection.execute(asked).scalars())


def start_requests(engine: Engine) -> list[int]:
    """Take every waiting request: one build answers them all, because it lists the lake after they were made."""
    waiting = build_requests.c.status == "waiting"
    statement = update(build_requests).where(waiting).values(status="running", builder_pid=os.getpid())
    with engine.begin() as connection:
        return sorted(connection.execute(statement.returning(build_requests.c.request_id)).scalars())


def finish_requests(engine: Engine, request_ids: list[int], release_id: int | None, error: str | None) -> None:
    """Answer requests: with a release, or with the one line that says why there is none."""
    values = {
        "status": "failed" if error else "released",
        "release_id": release_id,
        "error": error,
        "finished_at": _now(),
    }
    with engine.begin() as connection:
        connection.execute(update(build_requests).where(build_requests.c.request_id.in_(request_ids)).values(values))


def record_release(engine: Engine, release: Release) -> None:
    """Write a build's verdict down. Writing it again, as after a crash, changes nothing but its folder."""
    row = {
        "release_id": release.release_id,
        "created_at": _naive(release.created_at),
        "as_of": _naive(release.as_of),
        "status": release.status,
        "folder": release.folder,
        "manifest": json.dumps(release.manifest),
    }
    with engine.begin() as connection:
        statement = upsert(releases).values(row)
        connection.execute(
            statement.on_conflict_do_update(index_elements=["release_id"], set_={"folder": row["folder"]})
        )


def list_recorded(engine: Engine, limit: int | None = None) -> list[Release]:
    """Builds that got a verdict, newest first: every one, or the latest few."""
    with engine.connect() as connection:
        rows = connection.execute(select(releases).order_by(releases.c.release_id.desc()).limit(limit)).all()
    return [
        Release(row.release_id, _utc(row.created_at), _utc(row.as_of), row.status, row.folder, json.loads(row.manifest))
        for row in rows
    ]


def newest_id(engine: Engine) -> int:
    """The highest release id ever given to a verdict; 0 before the first."""
    with engine.connect() as connection:
        return connection.execute(select(func.max(releases.c.release_id))).scalar() or 0


def _now() -> datetime:
    return _naive(datetime.now(UTC))


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
