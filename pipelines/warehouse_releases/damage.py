"""Whether a version is still what was released, told by its manifest and the sizes that this gives of its files."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from warehouse_releases.build_folders import STORE, TIERS, BuildFolder
from warehouse_releases.store_partitions import Listing, Partition


class ManifestUnreadable(ValueError):
    """There is no manifest, or it is not what a build writes: a few words that say which."""


def file_sizes(build: BuildFolder) -> dict[str, int]:
    """By tier, for the manifest."""
    return {tier: path.stat().st_size for tier in TIERS if (path := build.warehouse(tier)).exists()}


def read_manifest(build: BuildFolder) -> dict[str, Any]:
    """Raises `ManifestUnreadable`."""
    try:
        manifest = json.loads(build.manifest.read_text())
        for moment in ("created_at", "as_of"):
            datetime.fromisoformat(manifest[moment])
    except OSError as error:
        raise ManifestUnreadable(f"its manifest cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError):
        raise ManifestUnreadable("its manifest is damaged") from None
    return manifest


def read_listing(build: BuildFolder) -> Listing | None:
    """What a build needs of the store; None for one that has no part in it. Raises `ManifestUnreadable`."""
    said = read_manifest(build).get("store")
    try:
        return msgspec.convert(said, Listing | None)
    except msgspec.ValidationError:
        raise ManifestUnreadable("its manifest is damaged") from None


def damage(build: BuildFolder) -> str | None:
    """What is wrong with a released version, in a few words; None when nothing is."""
    try:
        sizes = read_manifest(build).get("file_sizes", {})
        listing = read_listing(build)
    except ManifestUnreadable as error:
        return str(error)
    for tier in TIERS:
        path = build.warehouse(tier)
        if not path.is_file():
            return f"its {tier} file is missing"
        if path.stat().st_size != sizes.get(tier, path.stat().st_size):
            return f"its {tier} file has not the size that was released"
    return _store_damage(build, listing) if listing else None


def is_whole(folder: Path, part: Partition) -> bool:
    """Whether a file of the store is there, with the size that it was written with."""
    path = folder / part.file
    return path.is_file() and path.stat().st_size == part.bytes


def store_beside(version: BuildFolder) -> Path:
    """The store of the home that a released version lies in."""
    return version.root.resolve().parents[1] / STORE


def _store_damage(version: BuildFolder, listing: Listing) -> str | None:
    folder = store_beside(version)
    broken = next((part.file for part in listing.partitions if not is_whole(folder, part)), None)
    return f"{broken} of its store is missing or has not its size" if broken else None
