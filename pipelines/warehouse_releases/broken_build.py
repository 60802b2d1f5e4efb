"""The last build, when it broke without a verdict: kept in `run/` until a build ends, for `status` to tell."""

from contextlib import suppress
from pathlib import Path

from network_registry.home import Home
from warehouse_releases.durable_files import write_durably


def note_broken(home: Home, reason: str) -> None:
    # On a full disk there is no note; then there is none of the build's request in the ledger either.
    with suppress(OSError):
        write_durably(_note(home), lambda aside: aside.write_text(reason))


def note_ended(home: Home) -> None:
    """A build got its verdict, whatever that is: the ledger tells it from here on."""
    _note(home).unlink(missing_ok=True)


def broken_build(home: Home) -> str | None:
    """Why the last build broke; None when it did not."""
    try:
        return _note(home).read_text().strip() or "no reason is known"
    except OSError:
        return None


def _note(home: Home) -> Path:
    return home.run / "broken_build.txt"
