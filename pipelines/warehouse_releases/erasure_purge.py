"""Purge what was made of the lake before somebody was erased from it: versions, failed builds, files of the store that
only they named, exports.

To be done by the holder of the builder's lock when a release from after the erasure is on show: then there is a good
one all the time, and in the end no other.
"""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import Engine

from network_registry.exports import Export, forget_export, list_exports
from network_registry.home import Home
from warehouse_releases.build_folders import current_release, numbered, versions
from warehouse_releases.damage import read_listing
from warehouse_releases.durable_files import flush_to_disk
from warehouse_releases.history import remember
from warehouse_releases.lake import spill_folder
from warehouse_releases.store_pruning import forget_everything_built


def old_versions(home: Home) -> list[Path]:
    """Every version but the one on show, those set aside as damaged among them."""
    current = current_release(home)
    folders = versions(home).iterdir() if versions(home).is_dir() else ()
    return sorted(path for path in folders if current is None or path.name != current.root.name)


def kept_builds(home: Home) -> list[Path]:
    """Failed builds kept for study, rebuilds, and what a killed builder left."""
    return sorted(home.builds.iterdir()) if home.builds.is_dir() else []


def purge(home: Home, engine: Engine) -> None:
    """Remove all of it. Called again after a kill it removes the rest. Raises `ManifestUnreadable`."""
    for build in numbered(versions(home)):
        remember(home, build)
    for folder in (*old_versions(home), *kept_builds(home), spill_folder(home.lake)):
        _remove(folder)
    for folder in (versions(home), home.builds):
        if folder.is_dir():
            flush_to_disk(folder)
    current = current_release(home)
    if current is not None:
        # Without it nobody knows which files of the store are those of earlier versions: they must not stay unnoticed.
        read_listing(current)
    forget_everything_built(home)
    for export in exports_before(engine, current.release_id if current else None):
        if is_within(home, export):
            _remove_export(export)
        if not any(path.exists() for path in export.paths):
            forget_export(engine, export.export_id)


def exports_before(engine: Engine, release_id: int | None) -> list[Export]:
    """Exports of other releases than the one on show, as far as their files may still be there."""
    return [export for export in list_exports(engine) if export.release_id != release_id]


def is_within(home: Home, export: Export) -> bool:
    """Whether an export lies in the home, where an erasure may remove files."""
    return export.folder.resolve().is_relative_to(home.root.resolve())


def exported_files(home: Home, exports: Iterable[Export]) -> Iterator[Path]:
    return (path for export in exports if is_within(home, export) for path in export.paths if path.is_file())


def _remove_export(export: Export) -> None:
    for path in export.paths:
        path.unlink(missing_ok=True)
    if export.folder.is_dir():
        flush_to_disk(export.folder)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
