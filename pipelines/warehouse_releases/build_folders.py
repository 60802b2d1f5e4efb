"""The folder of one build: made under `builds/`, moved to `warehouse/versions/` when it is released."""

from dataclasses import dataclass
from pathlib import Path

from network_registry.home import Home

# dbt writes the name of the file into the bodies of its views: a file of another name could not be read.
WAREHOUSE_FILE = "warehouse.duckdb"
TIERS = ("officer", "analyst")
STORE = "store"


@dataclass(frozen=True)
class BuildFolder:
    root: Path

    @property
    def release_id(self) -> int:
        return int(self.root.name)

    @property
    def registry_export(self) -> Path:
        return self.root / "registry"

    @property
    def dbt_target(self) -> Path:
        return self.root / "dbt" / "target"

    @property
    def dbt_logs(self) -> Path:
        return self.root / "dbt" / "logs"

    @property
    def audit(self) -> Path:
        return self.root / "audit"

    @property
    def data_docs(self) -> Path:
        """Great Expectations' pages about this build's audit."""
        return self.audit / "gx" / "uncommitted" / "data_docs" / "local_site" / "index.html"

    @property
    def manifest(self) -> Path:
        """Written last: a folder without it is what a killed builder left."""
        return self.root / "manifest.json"

    def warehouse(self, tier: str) -> Path:
        return self.root / tier / WAREHOUSE_FILE

    def create(self) -> "BuildFolder":
        """Make the folder. Only its owner may look into the officer's part and what led to it."""
        make_tier_folders(self.root)
        for folder in (self.registry_export, self.dbt_target, self.dbt_logs, self.audit):
            folder.mkdir(mode=0o700, parents=True)
        return self


def make_tier_folders(root: Path) -> None:
    """A folder that everybody may look into, but for its officer's part."""
    for folder, mode in ((root, 0o755), (root / "officer", 0o700), (root / "analyst", 0o755)):
        folder.mkdir(mode=mode, parents=True)
        folder.chmod(mode)


def versions(home: Home) -> Path:
    return home.warehouse / "versions"


def store(home: Home) -> Path:
    """The files that versions share; only the officer's tier reads them."""
    return home.warehouse.resolve() / STORE


def current_link(home: Home) -> Path:
    return home.warehouse / "current"


def numbered(folder: Path) -> list[BuildFolder]:
    """The builds that lie in a folder, oldest first."""
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted((BuildFolder(path) for path in paths if path.name.isdecimal()), key=lambda build: build.release_id)


def current_release(home: Home) -> BuildFolder | None:
    """The folder that `warehouse/current` leads to; None before the first release."""
    link = current_link(home)
    return BuildFolder(link.resolve()) if link.exists() else None
