"""Follow dbt from model to model through a build of everything: note each, and tell how far it is."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from warehouse_releases.durable_files import write_durably
from warehouse_releases.time_left import in_words, time_left
from warehouse_releases.under_way import UnderWay

_TOLD_EVERY_S = 5.0


class ModelsWatched:
    """`expected` are the seconds that each model took the last time: what is left is weighed with them."""

    def __init__(self, under_way: UnderWay, expected: dict[str, float], progress: Callable[[str], None]) -> None:
        self._under_way, self._expected, self._progress = under_way, expected, progress
        self._lock, self._models = Lock(), set[str]()
        self._began = self._told_at = time.monotonic()
        self._weight_before = 0.0

    @property
    def goes_on(self) -> bool:
        """Whether a build before this one, which was killed, has begun it: then the database may hold anything."""
        return self._under_way.goes_on

    @property
    def standing(self) -> list[str]:
        """The names of the models that a build before this one has left for good."""
        return [model.split(".")[-1] for model in self._under_way.standing]

    def begin(self, models: set[str]) -> None:
        """`models` are all that there are to be, by dbt's id."""
        self._models, self._began = models, time.monotonic()
        self._weight_before = self._weight(self._under_way.standing)
        if self._under_way.standing:
            self._progress(f"going on: {len(self._under_way.standing)} of {len(models)} models stand")

    def stands(self, model: str, seconds: float) -> None:
        """To be called by any of dbt's threads."""
        with self._lock:
            self._under_way.note(model, seconds)
            if (now := time.monotonic()) - self._told_at >= _TOLD_EVERY_S:
                self._told_at = now
                self._progress(self._told(now - self._began))

    def _told(self, seconds: float) -> str:
        standing = self._under_way.standing
        done, total = (self._weight(of) - self._weight_before for of in (standing, self._models))
        left = in_words(time_left(done, total, seconds))
        return f"building: {len(standing)} of {len(self._models)} models" + (f", {left}" if left else "")

    def _weight(self, models: set[str] | dict[str, float]) -> float:
        # A model that nobody knows yet is taken for a middling one.
        known = sorted(self._expected.values())
        middling = known[len(known) // 2] if known else 1.0
        return sum(self._expected.get(model, middling) for model in models)


def read_seconds(path: Path) -> dict[str, float]:
    try:
        return {str(model): float(seconds) for model, seconds in json.loads(path.read_text()).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def write_seconds(path: Path, seconds: dict[str, float]) -> None:
    write_durably(path, lambda aside: aside.write_text(json.dumps(seconds)))
