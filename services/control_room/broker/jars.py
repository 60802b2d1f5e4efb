"""Kafka's jars in the user's cache: fetched once, whole or not at all, and never looked for on the network again."""

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from clinic_events.resources import bundled
from control_room.broker.failures import JarsUnavailable
from network_registry.user_cache import user_cache

KAFKA_VERSION = "4.4.0"
MANIFEST = "jars.sha256"

# Called with what is being done, how many jars are there, and how many there will be.
Progress = Callable[[str, int, int], None]


def silent(_doing: str, _done: int, _total: int) -> None:
    """A progress callback for those who do not watch."""


def cache_folder() -> Path:
    return user_cache() / f"kafka-{KAFKA_VERSION}"


def kafka_jars(progress: Progress = silent) -> list[Path]:
    """The class path of the broker, fetched first where the cache lacks it. Raises `JarsUnavailable`."""
    folder = cache_folder()
    if not is_complete(folder):
        with _one_at_a_time(folder):
            if not is_complete(folder):
                _fetch(folder, progress)
    return [folder / name for name in pinned_jars()]


def pinned_jars() -> dict[str, str]:
    """File name to sha256 of every jar that makes up the broker, as locked in `infra/kafka`."""
    lines = (bundled("infra/kafka") / MANIFEST).read_text().splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def is_complete(folder: Path) -> bool:
    """The folder was filled by a run that came to its end, for this very list of jars, and none has gone since."""
    manifest = folder / MANIFEST
    if not manifest.is_file() or manifest.read_bytes() != (bundled("infra/kafka") / MANIFEST).read_bytes():
        return False
    return all((folder / name).is_file() for name in pinned_jars())


def verify(files: dict[str, Path], pinned: dict[str, str]) -> None:
    """Raises `JarsUnavailable` unless the files are the pinned jars, byte for byte."""
    if files.keys() != pinned.keys():
        differing = ", ".join(sorted(files.keys() ^ pinned.keys()))
        raise JarsUnavailable(f"Maven resolved other jars than the {len(pinned)} that are locked: {differing}")
    for name, path in files.items():
        if hashlib.sha256(path.read_bytes()).hexdigest() != pinned[name]:
            raise JarsUnavailable(f"{name} was downloaded but is not the file that is locked (sha256 differs)")


def _fetch(folder: Path, progress: Progress) -> None:
    # jgo and requests take a third of a second to import: only the first start pays for it.
    from control_room.broker.jar_download import download_jars

    pinned = pinned_jars()
    aside = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        files = download_jars(aside / "maven", len(pinned), progress)
        verify(files, pinned)
        _publish(files, aside / "whole", folder)
    except OSError as fault:
        raise JarsUnavailable(f"cannot write Kafka's jars to {folder}: {fault.strerror or fault}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _publish(files: dict[str, Path], whole: Path, folder: Path) -> None:
    whole.mkdir()
    for name, path in files.items():
        path.replace(whole / name)
    shutil.copyfile(bundled("infra/kafka") / MANIFEST, whole / MANIFEST)
    shutil.rmtree(folder, ignore_errors=True)
    whole.replace(folder)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = (folder.parent / f"{folder.name}.lock").open("w")
    except OSError as fault:
        raise JarsUnavailable(f"cannot write to the cache {folder.parent}: {fault.strerror or fault}") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
