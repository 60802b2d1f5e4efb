"""Files that are made from the code, and places where only such files may stand."""

from collections.abc import Iterable, Mapping
from pathlib import Path


def found(root: Path, patterns: Iterable[str]) -> set[str]:
    """The files of these kinds, by their paths from the root."""
    return {path.relative_to(root).as_posix() for pattern in patterns for path in root.glob(pattern)}


def write(root: Path, files: Mapping[str, bytes], patterns: Iterable[str]) -> None:
    """Write the files, and take those of these kinds away that are not made any more."""
    for path in found(root, patterns) - files.keys():
        (root / path).unlink()
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
