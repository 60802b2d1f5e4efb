"""Be the only one: a lock that the system lets go of when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path


class Claimed(Exception):
    """Another process holds the lock; `holder` is what it wrote down as its process id."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


def claim(path: Path) -> int:
    """Take the lock for as long as the returned descriptor, or an inherited copy of it, is open. Raises `Claimed`."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock, 20, 0).decode().strip()
        os.close(lock)
        raise Claimed(holder or "unknown") from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock
