"""The versions on show: one link, swapped by one rename. Whatever dies, the link leads to a whole, audited release.

A release goes live in three steps: its folder moves under `versions/`, the link is swapped (from here on it is the
release), and the ledger is told. `recover` finishes or takes back what a killed builder left between them, and sets
aside what is damaged.
"""

import json
import os
import shutil
import time
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from network_registry.home import Home
from warehouse_releases.build_folders import BuildFolder, current_link, current_release, numbered, versions
from warehouse_releases.damage import ManifestUnreadable, damage, file_sizes, read_manifest
from warehouse_releases.durable_files import flush_folder, flush_to_disk, make_durable_folder, write_durably
from warehouse_releases.history import remember
from warehouse_releases.ledger import Release, list_recorded, newest_id, record_release
from warehouse_releases.relocation import follow_home
from warehouse_releases.store_pruning import prune_store

# A reader may have followed the link and not yet opened the file.
_JUST_REPLACED_S = 60
# Failed builds are for study: the newest few.
_FAILED_BUILDS = 3

_DAMAGED = ".damaged"

# The longest parts of a manifest stay in its file: the ledger has a row for every build there ever was.
_NOT_IN_LEDGER = ("checks", "segments", "store", "marts")


def next_release_id(home: Home, engine: Engine) -> int:
    """Higher than any that was ever given out, so that a number is never used for two builds."""
    seen = [build.release_id for folder in (versions(home), home.builds) for build in numbered(folder)]
    seen += [int(path.name.split(".")[0]) for path in versions(home).glob(f"[0-9]*{_DAMAGED}*")]
    return max([newest_id(engine), *seen], default=0) + 1


def write_manifest(build: BuildFolder, manifest: dict[str, Any]) -> None:
    """To be called when the build's files are what they are going to be: their sizes are written down with it."""
    said = manifest | {"file_sizes": file_sizes(build)}
    write_durably(build.manifest, lambda aside: aside.write_text(json.dumps(said, indent=1)), mode=0o644)


def publish(home: Home, engine: Engine, build: BuildFolder) -> Release:
    """Put a finished build on show. Its files are on the disk before its name is seen."""
    flush_folder(build.root)
    make_durable_folder(versions(home))
    released = BuildFolder(versions(home) / build.root.name)
    build.root.rename(released.root)
    flush_to_disk(home.builds)
    flush_to_disk(versions(home))
    _swap(home, released)
    return _record(engine, released, "released")


def keep_failed(engine: Engine, build: BuildFolder) -> Release:
    """Write down a build that is not shown; its folder stays under `builds/` for study."""
    return _record(engine, build, read_manifest(build)["failed"])


def recover(home: Home, engine: Engine, tell: Callable[[str], None] = lambda _: None) -> None:
    """Clean up after a killed builder, or a disk. To be called by the holder of the builder's lock, before it builds.

    A version that is damaged is set aside for study, which `tell` hears of; the newest whole one is shown instead.
    """
    for build in numbered(versions(home)):
        if wrong := damage(build):
            tell(f"release {build.release_id} is set aside as {_set_aside(build).name}: {wrong}")
        elif moved := follow_home(build):
            write_manifest(build, moved)
    current = current_release(home)
    if current is not None:
        _record(engine, current, "released")
    released = {release.release_id for release in list_recorded(engine) if release.status == "released"}
    for build in numbered(versions(home)):
        # Moved, but never shown: whoever asked for it will ask again. What is older than the release on show was shown,
        # whether or not the ledger, which may have been lost, knows it.
        if build.release_id not in released and (current is None or build.release_id > current.release_id):
            shutil.rmtree(build.root)
    if current is None and (kept := numbered(versions(home))):  # somebody removed the link
        _swap(home, kept[-1])
    for build in numbered(home.builds):
        if status := _failure(build):
            _record(engine, build, status)
        else:
            shutil.rmtree(build.root)


def prune(home: Home, keep: int) -> None:
    """Remove what is neither on show nor needed to go back or to study.

    Kept are the newest `keep` versions, the one on show among them, and any that was on show in the last minute. Of one
    that goes its manifest stays (`history`).
    """
    shown = numbered(versions(home))
    for old, successor in list(pairwise(shown))[: max(len(shown) - keep, 0)]:
        if time.time() - successor.manifest.stat().st_mtime > _JUST_REPLACED_S:
            remember(home, old)
            shutil.rmtree(old.root)
    for build in numbered(home.builds)[:-_FAILED_BUILDS]:
        shutil.rmtree(build.root)
    prune_store(home)


def _failure(build: BuildFolder) -> str | None:
    """What a build under `builds/` failed at; None for one that a killed builder left unfinished."""
    try:
        return read_manifest(build).get("failed")
    except ManifestUnreadable:
        return None


def _set_aside(build: BuildFolder) -> Path:
    """Not a number any more: nobody takes it for a version. The link may lead nowhere until another one is shown."""
    aside = build.root.with_name(f"{build.root.name}{_DAMAGED}")
    if aside.exists():
        shutil.rmtree(aside)
    build.root.rename(aside)
    flush_to_disk(aside.parent)
    return aside


def _swap(home: Home, released: BuildFolder) -> None:
    link = current_link(home)
    aside = link.with_name(f".{link.name}.aside")
    aside.unlink(missing_ok=True)
    aside.symlink_to(os.path.relpath(released.root, link.parent))
    aside.replace(link)
    flush_to_disk(link.parent)


def _record(engine: Engine, build: BuildFolder, status: str) -> Release:
    release = described(build, status)
    record_release(engine, release)
    return release


def described(build: BuildFolder, status: str) -> Release:
    """A build as its own manifest tells it. Raises `ManifestUnreadable`."""
    manifest = {name: said for name, said in read_manifest(build).items() if name not in _NOT_IN_LEDGER}
    moments = datetime.fromisoformat(manifest["created_at"]), datetime.fromisoformat(manifest["as_of"])
    return Release(build.release_id, *moments, status, str(build.root), manifest)
