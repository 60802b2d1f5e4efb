"""A value that is read again when somebody looks and it has grown old, by one reader at a time, off the event loop."""

import logging
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Generic, TypeVar

from quality_dashboard.facts import UNREAD, Reading, Unreadable

T = TypeVar("T")
log = logging.getLogger(__name__)


class Refreshed(Generic[T]):
    """One source and its last reading.

    A reading that fails keeps the last value beside its fault: what is known stays on the page, and says so.
    A reading that took long is left alone four times as long, so that looking takes a fifth of a core at most.
    """

    def __init__(self, read: Callable[[], T], executor: Executor, max_age_s: float) -> None:
        self._read, self._executor, self._max_age_s = read, executor, max_age_s
        self._lock = threading.Lock()
        self._old_at = float("-inf")
        self.reading: Reading[T] = UNREAD
        self._running: Future[None] | None = None

    def start(self) -> Future[None] | None:
        """Begin to read when the last reading is old; the reading under way, if there is one."""
        with self._lock:
            if self._running is None and monotonic() >= self._old_at:
                self._running = self._executor.submit(self._take)
            return self._running

    def _take(self) -> None:
        began = monotonic()
        try:
            reading = Reading(self._read(), None, datetime.now(UTC))
        except Exception as error:  # one broken source must not take the page down: it becomes a fault on it
            reading = Reading(self.reading.value, fault_words(error), self.reading.taken_at)
            if reading.fault != self.reading.fault:  # said once, not at every look
                log.warning("a source of the dashboard cannot be read: %s", error_place(error))
        rest_s = max(self._max_age_s, 4 * (monotonic() - began))
        with self._lock:
            self.reading, self._old_at, self._running = reading, monotonic() + rest_s, None


def fault_words(error: Exception) -> str:
    """What a page may say of an error. A library's own words may quote the data, so only its kind is told."""
    return str(error) if isinstance(error, Unreadable) else f"cannot be read ({type(error).__name__})"


def error_place(error: Exception) -> str:
    """The kind of an error and where it was raised, for the log; never its words, for the same reason."""
    innermost = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(innermost.filename).name}:{innermost.lineno}"
