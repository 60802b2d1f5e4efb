"""Which bytes a file holds, by their checksum."""

import hashlib
from pathlib import Path


def sha256_of(path: Path) -> str:
    """In hexadecimal. Raises OSError."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
