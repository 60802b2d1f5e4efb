"""How releases are: the one on show, and what is wrong with it or with the builds since."""

from contextlib import suppress
from typing import Any

from network_registry.home import Home
from warehouse_releases.broken_build import broken_build
from warehouse_releases.build_folders import TIERS, BuildFolder, current_release
from warehouse_releases.damage import ManifestUnreadable, damage, read_manifest
from warehouse_releases.readers import NotLocked, ReleaseUnreadable, query
from warehouse_releases.versions import described

Releases = list[dict[str, Any]]


def release_on_show(home: Home, releases: Releases) -> dict[str, Any] | None:
    """As the ledger lists it, or as it tells of itself where the ledger does not know it (any more)."""
    current = current_release(home)
    if current is None:
        return None
    with suppress(ManifestUnreadable):
        told = described(current, "released").as_json() | {"current": True, "kept": True}
        return next((release for release in releases if release["release_id"] == current.release_id), told)
    return None


def release_problems(home: Home, releases: Releases) -> list[str]:
    return [*_of_builds(home, releases), *_of_what_is_on_show(home, releases)]


def _of_builds(home: Home, releases: Releases) -> list[str]:
    if broke := broken_build(home):
        return [f"the newest build left no release: {broke}"]
    newest = releases[0] if releases else None
    if newest is None or newest["status"] == "released":
        return []
    return [f"the newest build, {newest['release_id']}: {newest['status']}"]


def _of_what_is_on_show(home: Home, releases: Releases) -> list[str]:
    current = current_release(home)
    if current is None:
        lost = any(release["status"] == "released" for release in releases)
        return ["no release is on show, though there were some: `meridian build` shows one again"] if lost else []
    if wrong := damage(current):
        return [f"release {current.release_id} is damaged: {wrong}; the next build replaces it"]
    failed = _lock_failed(current)
    return failed + [f"release {current.release_id}: {wrong}" for tier in TIERS if (wrong := _unreadable(home, tier))]


def _lock_failed(current: BuildFolder) -> list[str]:
    failed = read_manifest(current).get("lock_failed")
    return [failed] if failed else []


def _unreadable(home: Home, tier: Any) -> str | None:
    try:
        with suppress(NotLocked):
            query(home, "select 1", tier)
    except ReleaseUnreadable as error:
        return str(error)
    return None
