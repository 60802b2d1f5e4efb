"""A lander in a thread of the test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from network_registry.home import Home
from network_registry.settings import Settings
from warehouse_releases import land


@contextmanager
def landing(home: Home, settings: Settings) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=land.run_lander, args=(home, settings, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
