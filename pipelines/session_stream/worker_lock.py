"""One stream worker of each name and home: two of one name would dismiss each other from the group for ever."""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another stream worker of this home and this number runs on this machine."""


def worker_name(number: int) -> str:
    """Of this machine's worker with this number, from 1. Homes may be on a disk that several machines share."""
    # No host's name has an underscore in it.
    return f"stream-{socket.gethostname()}" + ("" if number == 1 else f"_{number}")


@contextmanager
def only_worker(folder: Path, name: str) -> Iterator[None]:
    """Hold the lock while the block runs. Raises `AlreadyRunning`. The lock dies with the process, however it dies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"a stream worker runs already on {folder.parent}") from None
        yield
