"""The folder of a lock: what analysts read, and in the officer's closed part what the rules over time need."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from disclosure_control.locks import Lock, lock_from_json
from network_registry.home import Home
from warehouse_releases.build_folders import WAREHOUSE_FILE, make_tier_folders


class LockDamaged(Exception):
    """A lock cannot be read any more: one line that says which. What was shown would not be known."""


@dataclass(frozen=True)
class LockFolder:
    root: Path

    @property
    def analyst_file(self) -> Path:
        return self.root / "analyst" / WAREHOUSE_FILE

    @property
    def cells(self) -> Path:
        """Every cell with its true count."""
        return self.root / "officer" / "cells.json"

    @property
    def description(self) -> Path:
        """Written last: a folder without it is what a killed builder left."""
        return self.root / "lock.json"

    def create(self) -> "LockFolder":
        make_tier_folders(self.root)
        return self

    def read_cells(self) -> Lock:
        """Raises `LockDamaged`."""
        try:
            return lock_from_json(json.loads(self.cells.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LockDamaged(f"the cells of lock {self.root.name} cannot be read: {type(error).__name__}") from None


@dataclass(frozen=True)
class LockMade:
    """A lock as its own description tells it. Times are in UTC."""

    folder: LockFolder
    said: dict[str, Any]

    @property
    def period(self) -> str:
        return self.said["period"]

    @property
    def closed_until(self) -> date:
        return date.fromisoformat(self.said["closed_until"])

    @property
    def locked_at(self) -> datetime:
        return datetime.fromisoformat(self.said["locked_at"])

    def check(self) -> None:
        """Raises ValueError, KeyError or TypeError where something is missing or is not what a lock writes."""
        _ = (self.closed_until, self.locked_at, self.as_json(), self.said["code"], self.said["layout"])
        if self.period != self.folder.root.name:
            raise ValueError("it tells of another lock")

    def as_json(self) -> dict[str, Any]:
        """What a release's manifest says of it."""
        return {name: self.said[name] for name in ("period", "closed_until", "locked_at", "as_of")}


def locks_folder(home: Home) -> Path:
    return home.warehouse / "locks"


def list_locks(home: Home) -> list[LockMade]:
    """The locks that there are, the oldest first. Raises `LockDamaged`."""
    folder = locks_folder(home)
    paths = [path for path in folder.iterdir() if not path.name.startswith(".")] if folder.is_dir() else []
    return sorted(map(_described, paths), key=lambda made: made.closed_until)


def _described(path: Path) -> LockMade:
    folder = LockFolder(path)
    try:
        made = LockMade(folder, json.loads(folder.description.read_text()))
        made.check()
    except (OSError, ValueError, KeyError, TypeError):
        raise LockDamaged(f"lock {path.name} does not say what it is: its lock.json is damaged or missing") from None
    return made
