"""Files that are there whole or not at all, whatever dies: written aside, flushed to the disk, renamed."""

import os
from collections.abc import Callable
from pathlib import Path

ASIDE = ".aside"


def write_durably(path: Path, write: Callable[[Path], object], mode: int = 0o600) -> None:
    """Let `write` fill a file aside, then give it the name `path`. A file of that name is replaced."""
    make_durable_folder(path.parent)
    aside = path.with_name(f".{path.name}{ASIDE}")
    try:
        write(aside)
        aside.chmod(mode)
        flush_to_disk(aside)
        aside.replace(path)
    except BaseException:
        # Half a file would only keep a full disk full.
        aside.unlink(missing_ok=True)
        raise
    flush_to_disk(path.parent)


def make_durable_folder(folder: Path) -> None:
    """Make a folder and its parents such that they outlive a crash: each entry is flushed in the folder above it."""
    if folder.is_dir():
        return
    make_durable_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    flush_to_disk(folder.parent)


def flush_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Flush a folder and all that is in it: when it gets its name, none of it is missing."""
    for path in (*folder.rglob("*"), folder):
        if path.is_file() or path.is_dir():
            flush_to_disk(path)


def remove_unfinished(folder: Path) -> int:
    """Remove what a killed writer left aside. To be called by the folder's only writer; returns how many there were."""
    left = [path for path in folder.rglob(f".*{ASIDE}") if path.is_file()]
    for path in left:
        path.unlink()
    return len(left)
