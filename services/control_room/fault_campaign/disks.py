"""Small disks of their own for the broker, the lake and the registry, that can be filled to the last byte.

They are files with an ext4 in each, and take only the room of what is written: only root may mount them, and only on
Linux.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

_BALLAST = "ballast"


class NotMounted(Exception):
    """This machine gives no disk to fill: one line that says why."""


@contextmanager
def small_disks(images: Path, folders: dict[Path, int]) -> Iterator[None]:
    """Mount a disk of so many MiB on each folder, the outermost first, for as long as the block runs. `images` is a
    folder for their files. Raises `NotMounted`."""
    with ExitStack() as stack:
        for number, (folder, mebibytes) in enumerate(folders.items()):
            image = images / f"disk-{number}.img"
            folder.mkdir(parents=True, exist_ok=True)
            stack.callback(image.unlink, missing_ok=True)
            _make(image, mebibytes)
            _mounted(image, folder)
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
    place = os.open(ballast, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        for size in (2**30, 2**26, 2**22, 2**18, 2**12):
            with suppress(OSError):
                while True:
                    os.posix_fallocate(place, os.fstat(place).st_size, size)
    finally:
        os.close(place)


def _make(image: Path, mebibytes: int) -> None:
    image.parent.mkdir(parents=True, exist_ok=True)
    with image.open("wb") as file:
        file.truncate(mebibytes * 2**20)
    _done("mkfs.ext4", "-q", "-F", "-m", "0", str(image))


def _mounted(image: Path, folder: Path) -> None:
    _done("mount", "-o", "loop", str(image), str(folder))
    folder.chmod(0o700)
    (folder / "lost+found").rmdir()


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


def _done(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NotMounted(f"there is no `{command[0]}` here") from None
    if done.returncode:
        raise NotMounted(f"no small disk can be made: {' '.join(done.stderr.split())}")
