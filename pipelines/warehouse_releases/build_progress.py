"""What the builder is at, in a file: for those who wait for it in another process."""

from contextlib import suppress
from pathlib import Path

from network_registry.home import Home


def tell_others(home: Home, step: str) -> None:
    """On a disk without room nobody hears of it, and the builder goes on."""
    with suppress(OSError):
        _file(home).write_text(step)


def last_told(home: Home) -> str | None:
    try:
        return _file(home).read_text() or None
    except FileNotFoundError:
        return None


def _file(home: Home) -> Path:
    return home.run / "build-progress"
