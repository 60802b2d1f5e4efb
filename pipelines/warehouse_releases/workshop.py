"""Where dbt works: a database that only the builder opens, and that lives on from build to build.

A release is made from it and does not need it any more. When it is lost, the next build makes it anew from the lake.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from network_registry.home import Home
from warehouse_releases.build_folders import WAREHOUSE_FILE
from warehouse_releases.build_inputs import BuildInputs
from warehouse_releases.increments import Built, built_from, new_segments, read_note, write_note
from warehouse_releases.locked_marts import SCHEMA as LOCKED
from warehouse_releases.segments import Segment

NOTE = "built_from.json"

# What the build that is done has worked out anew.
_TOUCHED = ("staging.touched_events", "core.touched_practitioners")


def workshop(home: Home) -> Path:
    return home.warehouse / "workshop"


@dataclass(frozen=True)
class Work:
    """One build's work on the database: `new` are the segments that it does not know, None when it is a new one."""

    database: Path
    built: Built
    new: list[Segment] | None

    @property
    def note(self) -> Path:
        return self.database.with_name(NOTE)

    def done(self) -> None:
        """The database is what its note is going to say; one that is killed before that is made good by the next."""
        with duckdb.connect(str(self.database)) as connection:
            for table in _TOUCHED:
                connection.execute(f"delete from {table}")
            # What a lock that was killed has left is no part of a release.
            connection.execute(f"drop schema if exists {LOCKED} cascade")
            connection.execute("checkpoint")
        self.database.chmod(0o600)
        write_note(self.note, self.built)

    def failed(self) -> None:
        """What stopped this build would stop the next one: that begins anew."""
        self.note.unlink(missing_ok=True)


def begin_anew(home: Home) -> None:
    """Let the next build work everything out from the segments, whatever the last one left."""
    (workshop(home) / NOTE).unlink(missing_ok=True)


def begin_work(home: Home, inputs: BuildInputs, code: str) -> Work:
    """Go on from the last build where that is possible; else there is no database, and no note, when this returns."""
    folder = workshop(home)
    database = folder / WAREHOUSE_FILE
    work = Work(database, built_from(inputs, code), None)
    new = new_segments(read_note(work.note), inputs, code) if _opens(database) else None
    if new is None and folder.exists():
        work.failed()
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Work(database, work.built, new)


def _opens(database: Path) -> bool:
    """Whether it is there and not damaged, as far as its first pages tell."""
    if not database.exists():
        return False
    try:
        duckdb.connect(str(database)).close()
    except duckdb.Error:
        return False
    return True
