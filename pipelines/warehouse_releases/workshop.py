"""Where dbt works: a database that only the builder opens. A release is made from it and does not need it any more."""

import shutil
from pathlib import Path

from network_registry.home import Home
from warehouse_releases.build_folders import WAREHOUSE_FILE, BuildFolder


def workshop(home: Home) -> Path:
    """A place for what outlives a build."""
    return home.warehouse / "workshop"


def working_database(home: Home, build: BuildFolder) -> Path:
    """The file that this build's dbt works on: a new one in the build's own folder. The one place that says which."""
    folder = build.root / "workshop"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / WAREHOUSE_FILE


def put_away(database: Path) -> None:
    """The release is made: a database of one build alone is of no more use."""
    shutil.rmtree(database.parent)
