"""What a figure is cited by: the release or the lock that it was read from, the query, and the answer, by checksums.

A citation can be checked: the same query on the same lock gives the same checksums.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse_releases.build_folders import BuildFolder
from warehouse_releases.damage import read_manifest
from warehouse_releases.file_digest import sha256_of
from warehouse_releases.lock_folders import LockFolder

# Half of a SHA-256: short enough for a line, and nobody finds two queries with the same.
_LETTERS = 32
# Sums of floats depend on the order in which they are added up.
_DIGITS = 9


@dataclass(frozen=True)
class Source:
    """The file that was read: of which lock, or for officers of which release. Moments are ISO 8601, UTC."""

    tier: str
    release_id: int
    lock: str | None
    as_of: str
    file_checksum: str

    def in_words(self) -> str:
        if self.lock:
            return f"lock {self.lock}, {self.tier} tier"
        return f"release {self.release_id}, {self.tier} tier"


@dataclass(frozen=True)
class Citation:
    source: Source
    query_checksum: str
    rows: int
    rows_checksum: str

    def line(self) -> str:
        read, rows = self.source, "row" if self.rows == 1 else "rows"
        return (
            f"Meridian, {read.in_words()}, as of {read.as_of[:10]} (file {read.file_checksum}); "
            f"query {self.query_checksum}; {self.rows} {rows} {self.rows_checksum}"
        )

    def as_json(self) -> dict[str, Any]:
        counted = {name: value for name, value in asdict(self).items() if name != "source"}
        return {"line": self.line(), **asdict(self.source), **counted}


def cite(source: Source, statement: str, rows: Sequence[Mapping[str, Any]]) -> Citation:
    """The citation of an answer; `rows` are JSON-able."""
    return Citation(source, query_checksum(statement), len(rows), rows_checksum(rows))


def source_of(file: Path) -> Source:
    """What the file of a tier says of itself, by the folder in which it lies.

    Raises `ManifestUnreadable`, OSError, ValueError or KeyError.
    """
    tier, root = file.parent.name, file.parents[1]
    if (lock := LockFolder(root)).description.is_file():
        said = json.loads(lock.description.read_text())
        return Source(tier, said["release_id"], said["period"], said["as_of"], file_checksum(file))
    build = BuildFolder(root)
    manifest = read_manifest(build)
    # Analysts read the lock's file, whichever release carries it.
    lock_said = (manifest.get("lock") if tier == "analyst" else None) or {}
    as_of = lock_said.get("as_of", manifest["as_of"])
    return Source(tier, build.release_id, lock_said.get("period"), as_of, file_checksum(file))


def query_checksum(statement: str) -> str:
    """The same however a query is laid out, commented, or its keywords are written."""
    return _checksum(" ".join(_words(statement)))


def rows_checksum(rows: Sequence[Mapping[str, Any]]) -> str:
    """The same in whatever order the rows come."""
    return _checksum("\n".join(sorted(json.dumps(_rounded(dict(row)), ensure_ascii=False) for row in rows)))


def file_checksum(file: Path) -> str:
    return sha256_of(file)[:_LETTERS]


def _words(statement: str) -> Iterator[str]:
    """The tokens of a query without its comments and its last semicolon."""
    tokens = duckdb.tokenize(statement)
    # Where a token begins is told in bytes, and where it ends not at all.
    text = statement.encode()
    ends = [start for start, _ in tokens[1:]] + [len(text)]
    for (start, kind), end in zip(tokens, ends, strict=True):
        word = text[start:end].decode().strip().rstrip(";")
        if kind != duckdb.token_type.comment and word:
            yield word.lower() if kind == duckdb.token_type.keyword else word


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return float(f"{value:.{_DIGITS}g}")
        case dict():
            return {key: _rounded(each) for key, each in value.items()}
        case list():
            return [_rounded(each) for each in value]
    return value


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_LETTERS]
