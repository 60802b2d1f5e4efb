"""Small disks of their own for the broker, the lake and the registry, that can be filled to the last byte.

They are in memory (tmpfs): only root may mount them, and only Linux has them.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

_BALLAST = "ballast"


class NotMounted(Exception):
    """This machine gives no disk to fill: one line that says why."""


@contextmanager
def small_disks(folders: dict[Path, int]) -> Iterator[None]:
    """Mount a disk of so many MiB on each folder, the outermost first, for as long as the block runs."""
    with ExitStack() as stack:
        for folder, mebibytes in folders.items():
            folder.mkdir(parents=True, exist_ok=True)
            _mount(folder, mebibytes)
            stack.callback(_unmount, folder)
        yield


def fill(folder: Path, seconds: float) -> None:
    """Leave nothing free on the folder's disk for so long."""
    ballast = folder / _BALLAST
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            _fill_up(ballast)
            time.sleep(0.05)
    finally:
        ballast.unlink(missing_ok=True)


def _fill_up(ballast: Path) -> None:
    """What others free meanwhile is taken too."""
    place = os.open(ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for size in (2**24, 2**20, 2**12):
            block = bytes(size)
            while os.write(place, block) == size:
                pass
    except OSError:
        pass
    finally:
        os.close(place)


def _mount(folder: Path, mebibytes: int) -> None:
    command = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NotMounted("there is no `mount` here") from None
    if done.returncode:
        raise NotMounted(f"no small disk can be mounted: {done.stderr.strip()}")


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)
