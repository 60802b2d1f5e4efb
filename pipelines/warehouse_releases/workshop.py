"""Where dbt works: a database that only the builder opens, and that lives on from build to build.

A release is made from it and does not need it any more. When it is lost, the next build makes it anew from the lake.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from network_registry.home import Home
from warehouse_releases.build_folders import WAREHOUSE_FILE
from warehouse_releases.build_inputs import BuildInputs
from warehouse_releases.increments import Built, built_from, new_segments, read_note, write_note
from warehouse_releases.locked_marts import SCHEMA as LOCKED
from warehouse_releases.models_watched import ModelsWatched, read_seconds, write_seconds
from warehouse_releases.segments import Segment
from warehouse_releases.under_way import UnderWay, begin, gone_on_with

NOTE = "built_from.json"
_JOURNAL = "under_way.jsonl"
# What a build of everything took, of each model: kept beside the workshop, which such a build begins by removing.
_SECONDS = "model_seconds.json"

# What the build that is done has worked out anew.
_TOUCHED = ("staging.touched_events", "core.touched_practitioners")


def workshop(home: Home) -> Path:
    return home.warehouse / "workshop"


@dataclass(frozen=True)
class Work:
    """One build's work on the database: `new` are the segments that it does not know, None when everything is built.

    `inputs` are what it is built from: of a build that was killed and is gone on with, those of then.
    """

    database: Path
    inputs: BuildInputs
    built: Built
    new: list[Segment] | None
    under_way: UnderWay | None = None

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
        if self.under_way is not None:
            write_seconds(self._seconds, self.under_way.standing)
            self.under_way.end()

    def failed(self) -> None:
        """What stopped this build would stop the next one: that begins anew."""
        self.note.unlink(missing_ok=True)
        if self.under_way is not None:
            self.under_way.end()

    def watched(self, progress: Callable[[str], None]) -> ModelsWatched | None:
        """How far dbt is with everything; None for an increment, which is made in one go."""
        if self.under_way is None:
            return None
        return ModelsWatched(self.under_way, read_seconds(self._seconds), progress)

    @property
    def _seconds(self) -> Path:
        return self.database.parent.with_name(_SECONDS)


def begin_anew(home: Home) -> None:
    """Let the next build work everything out from the segments, whatever the last one left; one that was to do so and
    was killed is gone on with."""
    (workshop(home) / NOTE).unlink(missing_ok=True)


def begin_work(home: Home, inputs: BuildInputs, code: str) -> Work:
    """Go on from the last build where that is possible, or with one of everything that was killed; else there is no
    database, and no note, when this returns."""
    folder = workshop(home)
    database, journal = folder / WAREHOUSE_FILE, folder / _JOURNAL
    opens = _opens(database)
    if opens and (killed := gone_on_with(journal, inputs, code)):
        under_way, then = killed
        return Work(database, then, built_from(then, code), None, under_way)
    built = built_from(inputs, code)
    new = new_segments(read_note(folder / NOTE), inputs, code) if opens else None
    if new is not None:
        return Work(database, inputs, built, new)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True)
    return Work(database, inputs, built, None, begin(journal, inputs, code))


def _opens(database: Path) -> bool:
    """Whether it is there and not damaged, as far as its first pages tell."""
    if not database.exists():
        return False
    try:
        duckdb.connect(str(database)).close()
    except duckdb.Error:
        return False
    return True
