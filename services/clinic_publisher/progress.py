"""Telling a person how far a publish is, in lines. Clinics are served in parallel, the listener one at a time."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Literal

Listener = Callable[[str], None]
Stage = Literal["sent", "landed"]

_LINE_SECONDS = 2.0
_REPEAT_SECONDS = 10.0


class ProgressMeter:
    """Counts over all clinics, a line every two seconds; a notice at once, but the same one not again and again."""

    def __init__(self, listener: Listener, expected: dict[Stage, int]):
        """`expected`: how many events there will be at least, before every clinic has told its own number."""
        self._listener = listener
        self._expected = expected
        self._lock = threading.Lock()
        self._counts: dict[Stage, dict[str, tuple[int, int]]] = defaultdict(dict)
        self._said: dict[str, float] = {}

    def at(self, stage: Stage, clinic_id: str, done: int, total: int) -> None:
        """Of this clinic's `total` events, `done` have come to the stage."""
        with self._lock:
            counts = self._counts[stage]
            if counts.get(clinic_id) != (done, total):
                counts[clinic_id] = (done, total)
                done, total = (sum(one) for one in zip(*counts.values(), strict=True))
                total = max(total, self._expected.get(stage, 0))
                self._say(f"{stage} {done} of {total} events", key=stage, pause=_LINE_SECONDS)

    def notice(self, text: str) -> None:
        with self._lock:
            self._say(text, key=text, pause=_REPEAT_SECONDS)

    def _say(self, text: str, key: str, pause: float) -> None:
        now = time.monotonic()
        if now - self._said.get(key, -pause) >= pause:
            self._said[key] = now
            self._listener(text)
