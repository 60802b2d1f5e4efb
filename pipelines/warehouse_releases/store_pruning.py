"""What may go from the store: the files that no version and no build names any more."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from network_registry.home import Home
from warehouse_releases.build_folders import BuildFolder, store, versions
from warehouse_releases.damage import ManifestUnreadable, read_listing
from warehouse_releases.durable_files import remove_unfinished
from warehouse_releases.workshop import workshop


def prune_store(home: Home) -> int:
    """Remove the files that nobody names; returns how many. To be called by the holder of the builder's lock.

    While a version does not say what it is made of, everything stays.
    """
    folder = store(home)
    try:
        named = set(_named(home))
    except ManifestUnreadable:
        return 0
    remove_unfinished(folder)
    unnamed = [path for path in folder.rglob("*.parquet") if str(path.relative_to(folder)) not in named]
    for path in unnamed:
        path.unlink()
    _remove_empty(folder)
    return len(unnamed)


def forget_everything_built(home: Home) -> int:
    """Remove the workshop, and every file of the store that no version or build names; returns how many files.

    For an erasure, after it has removed the versions and builds that must go: what is left of them is in neither then.
    To be called by the holder of the builder's lock.
    """
    if workshop(home).exists():
        shutil.rmtree(workshop(home))
    return prune_store(home)


def _named(home: Home) -> Iterator[str]:
    """The paths in the store that any manifest names, that of a version set aside as damaged too."""
    for folder in (versions(home), home.builds):
        for path in folder.iterdir() if folder.is_dir() else ():
            try:
                listing = read_listing(BuildFolder(path))
            except ManifestUnreadable:
                # What is set aside, or was never finished, cannot be read any more. A version can, and is.
                if folder == versions(home) and path.name.isdecimal():
                    raise
                continue
            yield from (part.file for part in listing.partitions) if listing else ()


def _remove_empty(folder: Path) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):  # it holds files
            path.rmdir()
