"""One process at a time: a lock that the kernel lets go of when its holder dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# For how long a look at the lock by `is_held` may be in the way of its taking.
_PATIENCE_S = 1.0


class AlreadyRunning(Exception):
    """Another process holds the lock."""


@contextmanager
def only_one(path: Path, role: str) -> Iterator[None]:
    """Hold the lock at `path` for as long as the block runs. Raises `AlreadyRunning`, with the holder's process id."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken(descriptor):
            raise AlreadyRunning(f"another {role} is at work here (process {_holder(descriptor)})")
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        else:
            return True


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 20, 0).decode() or "unknown"


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until nobody holds the lock, and hold it while the block runs."""
    with _waited_for(path, fcntl.LOCK_EX):
        yield


@contextmanager
def together(path: Path) -> Iterator[None]:
    """Hold the lock beside others who hold it so; wait for one who holds it alone."""
    with _waited_for(path, fcntl.LOCK_SH):
        yield


@contextmanager
def _waited_for(path: Path, how: int) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)
