"""Where exports of releases went: what is copied out of a release is part of what an erasure has to reach."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, insert, select, update

from network_registry.tables import exports


@dataclass(frozen=True)
class Export:
    export_id: int
    exported_at: datetime
    release_id: int
    tier: str
    folder: Path
    files: tuple[str, ...]

    @property
    def paths(self) -> list[Path]:
        return [self.folder / name for name in self.files]


def record_export(engine: Engine, release_id: int, tier: str, folder: Path, files: list[str]) -> None:
    """To be called before the first file is written: then none is ever unknown."""
    row = {"release_id": release_id, "tier": tier, "folder": str(folder.absolute()), "files": json.dumps(files)}
    with engine.begin() as connection:
        connection.execute(insert(exports).values(row | {"exported_at": _now()}))


def list_exports(engine: Engine) -> list[Export]:
    """Those whose files were not removed, as far as the registry knows, the oldest first."""
    there = select(exports).where(exports.c.removed_at.is_(None)).order_by(exports.c.export_id)
    with engine.connect() as connection:
        return [
            Export(
                row.export_id, row.exported_at.replace(tzinfo=UTC), row.release_id, row.tier, Path(row.folder),
                tuple(json.loads(row.files)),
            )
            for row in connection.execute(there)
        ]  # fmt: skip


def forget_export(engine: Engine, export_id: int) -> None:
    """Its files are there no more."""
    with engine.begin() as connection:
        connection.execute(update(exports).where(exports.c.export_id == export_id).values(removed_at=_now()))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
