"""What changes while a builder works, for those who wait for it: one that is stopped leaves nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

from network_registry.home import Home
from warehouse_releases.build_folders import numbered
from warehouse_releases.ledger import BuildRequest
from warehouse_releases.workshop import workshop


def traces_of_work(home: Home, request: BuildRequest) -> tuple[str, str, float]:
    """The request's status, which build is under way, and when something in its folder or where it works changed last:
    a single model may take longer than anybody waits for a sign."""
    under_way = numbered(home.builds)[-1:]
    folders = [workshop(home), *(build.root for build in under_way)]
    changed = [_changed_at(path) for folder in folders for path in _everything_in(folder)]
    return request.status, "".join(build.root.name for build in under_way), max(changed, default=0.0)


def _everything_in(folder: Path) -> Iterator[Path]:
    """A walk overlooks what is moved away meanwhile; `rglob` would raise."""
    for root, _, files in os.walk(folder):
        yield from (Path(root), *(Path(root, name) for name in files))


def _changed_at(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return 0.0
