"""The stages of the demo by the clock, told as they begin and end."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stages:
    """Names and seconds of what was done, in order."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._started = time.monotonic()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._tell(f"{name} ...")
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 1)
        self._tell(f"{name}: {self.seconds[name]:.1f} s")

    @property
    def total(self) -> float:
        return round(time.monotonic() - self._started, 1)
