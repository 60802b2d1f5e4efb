"""The erasures' own ledger: who asked for one and why, how far it is, and how much it took away. Never whose it was.

requested -> rewriting (what it takes away is counted, and who may not come back is known) -> rewritten (the lake is
clean) -> done (so is everything else). `error` says why one that is not done does not go on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from network_registry.tables import erased_hashes, erasures

COUNTS = ("pseudonyms", "rows", "segments", "versions", "failed_builds", "outbox_events", "exported_files")


@dataclass(frozen=True)
class Erasure:
    """Counts: `pseudonyms` of the patient (more than one where references were merged), `rows` of events and the
    `segments` that held them, `versions` of the warehouse and `failed_builds`, events in outboxes, exported files."""

    erasure_id: int
    clinic_id: str
    keyed_hash: str
    requested_at: datetime
    requested_by: str
    reason: str | None
    status: str
    counts: dict[str, int]
    rewritten_at: datetime | None
    finished_at: datetime | None
    release_id: int | None
    error: str | None

    @property
    def is_done(self) -> bool:
        return self.status == "done"

    def as_json(self) -> dict[str, Any]:
        """Everything but the hash, which is of use to nobody."""
        return {
            "erasure_id": self.erasure_id,
            "clinic_id": self.clinic_id,
            "requested_at": _iso(self.requested_at),
            "requested_by": self.requested_by,
            "reason": self.reason,
            "status": self.status,
            **self.counts,
            "finished_at": _iso(self.finished_at),
            "release_id": self.release_id,
            "error": self.error,
        }


def request_erasure(engine: Engine, clinic_id: str, hashed: str, requested_by: str, reason: str | None) -> int:
    """The number of the erasure that is under way for this patient, or of a new one."""
    with engine.begin() as connection:
        ours = (erasures.c.keyed_hash == hashed) & (erasures.c.status != "done")
        going_on = update(erasures).where(ours).values(error=None).returning(erasures.c.erasure_id)
        if (known := connection.execute(going_on).scalar()) is not None:
            return known
        row = {"clinic_id": clinic_id, "keyed_hash": hashed, "requested_by": requested_by, "reason": reason}
        row |= {"requested_at": _now(), "status": "requested"} | dict.fromkeys(COUNTS, 0)
        return connection.execute(insert(erasures).values(row).returning(erasures.c.erasure_id)).scalar_one()


def begin_rewriting(
    engine: Engine, erasure_id: int, patients: Iterable[str], events: Iterable[str], counts: dict[str, int]
) -> None:
    """Who may not come back, and what will be taken away: in one transaction, before anything is."""
    hashes = [{"keyed_hash": one, "kind": "patient", "erasure_id": erasure_id} for one in patients]
    hashes += [{"keyed_hash": one, "kind": "event", "erasure_id": erasure_id} for one in events]
    with engine.begin() as connection:
        connection.execute(upsert(erased_hashes).on_conflict_do_nothing(), hashes)
        connection.execute(_of(erasure_id).values(status="rewriting", **counts))


def end_rewriting(engine: Engine, erasure_id: int) -> None:
    with engine.begin() as connection:
        connection.execute(_of(erasure_id).values(status="rewritten", rewritten_at=_now()))


def finish_erasure(engine: Engine, erasure_id: int, release_id: int | None) -> None:
    values = {"status": "done", "finished_at": _now(), "release_id": release_id, "error": None}
    with engine.begin() as connection:
        connection.execute(_of(erasure_id).values(values))


def hold_up(engine: Engine, erasure_id: int, error: str) -> None:
    """Say why an erasure does not go on for now."""
    with engine.begin() as connection:
        connection.execute(_of(erasure_id).values(error=error))


def let_go_on(engine: Engine) -> None:
    """What held them up may be over: every erasure that is not done is tried again."""
    held = (erasures.c.status != "done") & erasures.c.error.is_not(None)
    with engine.begin() as connection:
        connection.execute(update(erasures).where(held).values(error=None))


def list_erasures(engine: Engine) -> list[Erasure]:
    """Every erasure there ever was, the newest first."""
    with engine.connect() as connection:
        return [_erasure(row) for row in connection.execute(select(erasures).order_by(erasures.c.erasure_id.desc()))]


def read_erasure(engine: Engine, erasure_id: int) -> Erasure:
    with engine.connect() as connection:
        return _erasure(connection.execute(select(erasures).where(erasures.c.erasure_id == erasure_id)).one())


def open_erasures(engine: Engine) -> list[Erasure]:
    """Those that are not done, the oldest first."""
    unfinished = select(erasures).where(erasures.c.status != "done").order_by(erasures.c.erasure_id)
    with engine.connect() as connection:
        return [_erasure(row) for row in connection.execute(unfinished)]


def waiting_erasures(engine: Engine) -> list[Erasure]:
    """Those that are not done and that nothing holds up, the oldest first."""
    return [erasure for erasure in open_erasures(engine) if erasure.error is None]


def rewritings(engine: Engine) -> int:
    """How often the lake was rewritten: figures of a release from before that cannot be had again."""
    rewritten = erasures.c.rewritten_at.is_not(None) & (erasures.c.rows > 0)
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(erasures).where(rewritten)).scalar_one()


def _of(erasure_id: int):
    return update(erasures).where(erasures.c.erasure_id == erasure_id)


def _erasure(row: Any) -> Erasure:
    return Erasure(
        row.erasure_id, row.clinic_id, row.keyed_hash, _utc(row.requested_at), row.requested_by, row.reason,
        row.status, {count: getattr(row, count) for count in COUNTS}, row.rewritten_at and _utc(row.rewritten_at),
        row.finished_at and _utc(row.finished_at), row.release_id, row.error,
    )  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _iso(moment: datetime | None) -> str | None:
    return moment and moment.isoformat()
