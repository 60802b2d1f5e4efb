"""Whether a version is still what was released, told by its manifest and the sizes that this gives of its files."""

import json
from datetime import datetime
from typing import Any

from warehouse_releases.build_folders import TIERS, BuildFolder


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


def damage(build: BuildFolder) -> str | None:
    """What is wrong with a released version, in a few words; None when nothing is."""
    try:
        sizes = read_manifest(build).get("file_sizes", {})
    except ManifestUnreadable as error:
        return str(error)
    for tier in TIERS:
        path = build.warehouse(tier)
        if not path.is_file():
            return f"its {tier} file is missing"
        if path.stat().st_size != sizes.get(tier, path.stat().st_size):
            return f"its {tier} file has not the size that was released"
    return None
