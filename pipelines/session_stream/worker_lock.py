"""One stream worker per machine and home: two with the same group instance would throw each other out for ever."""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another stream worker of this home runs on this machine."""


@contextmanager
def only_worker(folder: Path) -> Iterator[None]:
    """Hold the lock while the block runs. Raises `AlreadyRunning`. The lock dies with the process, however it dies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The host's name stands in it: homes may be on a disk that several machines share.
    with (folder / f"stream-{socket.gethostname()}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"a stream worker runs already on {folder.parent}") from None
        yield
