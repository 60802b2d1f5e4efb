"""Replace segments by a file that holds in their place. To be done by the holder of the builder's lock alone.

The new file is written in a folder apart, so that the lander, which clears up its own leavings at its start, leaves it
alone. With its rename it holds; a crash before that leaves nothing that anybody reads, and one after it leaves the old
files, in whose place it holds. They are removed when nobody can be reading them any more.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from warehouse_releases.durable_files import flush_to_disk
from warehouse_releases.lake import list_files
from warehouse_releases.process_lock import AlreadyRunning, alone, only_one, together
from warehouse_releases.segments import Segment, current, replaced

# Whoever listed a replaced file has opened it within this time: `status` and the dashboard read at once.
_STILL_READ_S = 60.0


def reading(lake: Path) -> AbstractContextManager[None]:
    """Held by whoever reads listed segments for long, outside the builder's lock: meanwhile none is removed."""
    return together(_readers_lock(lake))


def nobody_reading(lake: Path) -> AbstractContextManager[None]:
    """Waits until no long reader is left, and lets none begin."""
    return alone(_readers_lock(lake))


def replace_segments(
    lake: Path, segment: Segment, write: Callable[[Path], object], written_at: datetime | None = None
) -> None:
    """Let `write` fill the file that is to hold from now on. `written_at` is the time that its rows keep."""
    aside = workshop(lake) / segment.path.name
    aside.unlink(missing_ok=True)
    write(aside)
    aside.chmod(0o600)
    if written_at is not None:
        os.utime(aside, (written_at.timestamp(), written_at.timestamp()))
    flush_to_disk(aside)
    aside.replace(lake / segment.path)
    flush_to_disk((lake / segment.path).parent)


def workshop(lake: Path) -> Path:
    """The folder where replacements are written."""
    folder = lake / ".replacing"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def clear_workshop(lake: Path) -> None:
    """Remove what a killed builder left unfinished."""
    shutil.rmtree(lake / ".replacing", ignore_errors=True)


def remove_replaced(lake: Path) -> list[Segment]:
    """Remove every file in whose place another holds, now."""
    gone = replaced(list_files(lake))
    _remove(lake, gone)
    return gone


def remove_unread(lake: Path, now: float | None = None) -> list[Segment]:
    """The same for those that nobody reads any more: replaced for a while, and no long reader at work."""
    files = list_files(lake)
    old = replaced(files)
    if not old:
        return []
    holding = current(files)
    ready = [one for one in old if _replaced_for(lake, one, holding, now or time.time()) >= _STILL_READ_S]
    try:
        with only_one(_readers_lock(lake), "reader"):
            _remove(lake, ready)
    except AlreadyRunning:
        return []
    return ready


def _replaced_for(lake: Path, old: Segment, holding: Iterable[Segment], now: float) -> float:
    # The time of the entry's last change, for the rows keep their own as the time of the file.
    return now - max((lake / one.path).stat().st_ctime for one in holding if one.replaces(old))


def _remove(lake: Path, segments: Iterable[Segment]) -> None:
    folders = set()
    for segment in segments:
        (lake / segment.path).unlink(missing_ok=True)
        folders.add((lake / segment.path).parent)
    for folder in folders:
        flush_to_disk(folder)


def _readers_lock(lake: Path) -> Path:
    return lake / ".readers.lock"
