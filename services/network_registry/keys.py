"""The network's secret keys, one file each, minted once and never replaced."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from network_registry.home import Home

KEY_BYTES = 32
_VERSION = 1


class KeyMissing(Exception):
    """A key file is absent or damaged: nothing may go on, and no new key may be minted in its place."""


@dataclass(frozen=True)
class Key:
    version: int
    secret: bytes = field(repr=False)


def mint_keys(home: Home) -> None:
    """Mint the keys that a new home lacks; keys that are there stay as they are."""
    for name in ("pseudonym", "network", "quarantine", "erasure"):
        _mint(_path(home, name))


def pseudonym_key(home: Home) -> Key:
    """For patients, per clinic."""
    return _read(_path(home, "pseudonym"))


def network_key(home: Home) -> Key:
    """For what must be recognised across clinics: a practitioner's credential number."""
    return _read(_path(home, "network"))


def quarantine_key(home: Home) -> Key:
    """For sealing the original bytes of quarantined events."""
    return _read(_path(home, "quarantine"))


def erasure_key(home: Home) -> Key:
    """For the list of the erased: it tells who may not come back, and holds no byte of a pseudonym."""
    return _read(_path(home, "erasure"))


def _path(home: Home, name: str) -> Path:
    return home.keys / f"{name}-v{_VERSION}.key"


def _mint(path: Path) -> None:
    if path.exists():
        return
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link, unlike a rename, never replaces a key that another process minted a moment ago.
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def _read(path: Path) -> Key:
    try:
        secret = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError):
        raise KeyMissing(f"the key {path} cannot be read") from None
    if len(secret) != KEY_BYTES:
        raise KeyMissing(f"the key {path} does not have {KEY_BYTES} bytes")
    return Key(_VERSION, secret)
