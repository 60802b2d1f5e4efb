"""The dbt project, parsed once for as long as its files stay what they are: half of a small build's time.

What was parsed is kept in the user's cache, as Python keeps what it compiled. No model's configuration depends on a
variable, so one parse serves every build.
"""

import hashlib
import pickle
import sys
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from network_registry.user_cache import user_cache
from warehouse_releases.build_folders import WAREHOUSE_FILE
from warehouse_releases.dbt_invocation import dbt_command, environment
from warehouse_releases.durable_files import write_durably
from warehouse_releases.manifest import code_versions
from warehouse_releases.one_line import in_one_line

_KEPT = 3
_DIGEST = hashlib.sha256().digest_size


class DbtNotParsed(Exception):
    """The dbt project itself is broken: one line that says how."""


def parse_project(project: Path, vocabularies: Path) -> Manifest:
    """A manifest of the caller's own: a run writes its compiled statements into the nodes. Raises `DbtNotParsed`."""
    return pickle.loads(_parsed(project, _key(project, vocabularies))[0])


def describe_project(project: Path, vocabularies: Path) -> dict[str, Any]:
    """The same as dbt writes it, `manifest.json`: that takes it longer than the project's tests, and is the same for
    every build. Raises `DbtNotParsed`."""
    return msgspec.json.decode(_parsed(project, _key(project, vocabularies))[1])


def _key(project: Path, vocabularies: Path) -> str:
    """What a parse depends on, and what of it is kept."""
    tools = [version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb")]
    said = [
        "manifest and manifest.json",
        sys.version,
        *tools,
        str(project.resolve()),
        code_versions(project, vocabularies),
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _parsed(project: Path, key: str) -> tuple[bytes, bytes]:
    """The manifest, pickled, and its `manifest.json`."""
    place = user_cache() / f"dbt-{key}.pickle"
    kept = _kept(place)
    if kept is None:
        kept = pickle.dumps(_parse(project))
        # Without a place to keep it the next process parses again.
        with suppress(OSError):
            _keep(place, kept)
    return pickle.loads(kept)


def _kept(place: Path) -> bytes | None:
    """What was kept there; None when there is nothing, or not the whole of it."""
    with suppress(OSError):
        said = place.read_bytes()
        if hashlib.sha256(said[_DIGEST:]).digest() == said[:_DIGEST]:
            return said[_DIGEST:]
    return None


def _keep(place: Path, pickled: bytes) -> None:
    # Should two processes write at once, what is not whole is not taken by the next.
    write_durably(place, lambda aside: aside.write_bytes(hashlib.sha256(pickled).digest() + pickled))
    newest = sorted(place.parent.glob("dbt-*.pickle"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in newest[_KEPT:]:
        old.unlink(missing_ok=True)


def _parse(project: Path) -> tuple[bytes, bytes]:
    with TemporaryDirectory() as folder, environment(MERIDIAN_BUILD_DB=str(Path(folder) / WAREHOUSE_FILE)):
        result = dbtRunner().invoke(dbt_command("parse", project, Path(folder)))
        if not isinstance(result.result, Manifest):
            raise DbtNotParsed(in_one_line(str(result.exception))[:500])
        return pickle.dumps(result.result), (Path(folder) / "target" / "manifest.json").read_bytes()
