"""What is kept of every release when its version goes: its manifest and the registry that it was built with.

That is little, names no patient, and is all that is needed to build the release again from the segments.
"""

import shutil
from pathlib import Path

from network_registry.home import Home
from warehouse_releases.build_folders import BuildFolder, versions
from warehouse_releases.durable_files import flush_folder, flush_to_disk, make_durable_folder


def history(home: Home) -> Path:
    return home.warehouse / "history"


def remember(home: Home, build: BuildFolder) -> None:
    """To be called before a version is removed. Doing it again changes nothing; a kill leaves no half of it."""
    kept = history(home) / build.root.name
    if kept.exists() or not build.manifest.is_file():
        return
    make_durable_folder(history(home))
    aside = kept.with_name(f".{kept.name}.aside")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    shutil.copyfile(build.manifest, aside / build.manifest.name)
    if build.registry_export.is_dir():
        shutil.copytree(build.registry_export, aside / build.registry_export.name)
    flush_folder(aside)
    aside.rename(kept)
    flush_to_disk(history(home))


def find_release(home: Home, release_id: int) -> BuildFolder | None:
    """The version of a release, or what was kept of it; None when there never was one."""
    for folder in (versions(home), history(home)):
        if (found := BuildFolder(folder / str(release_id))).manifest.is_file():
            return found
    return None
