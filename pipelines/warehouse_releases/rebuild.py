"""Build a release again from what its manifest says it was built from, and say whether the same came out.

The rebuilt release lies in a folder of its own under `builds/` and is never shown.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Engine

from clinic_events.resources import bundled
from network_registry.erasures import rewritings
from network_registry.home import Home
from network_registry.settings import Settings
from warehouse_releases.build_folders import WAREHOUSE_FILE, BuildFolder
from warehouse_releases.build_inputs import BUILT_TOPICS, BuildInputs
from warehouse_releases.cycle import Progress
from warehouse_releases.damage import ManifestUnreadable, read_manifest
from warehouse_releases.history import find_release
from warehouse_releases.lake import list_segments
from warehouse_releases.manifest import code_versions
from warehouse_releases.manifest_ranges import Resolved, resolve
from warehouse_releases.mart_comparison import MartComparison, compare_cells, compare_checksums
from warehouse_releases.offset_ranges import Range
from warehouse_releases.process_lock import only_one
from warehouse_releases.replacing import reading
from warehouse_releases.segments import Segment


class NotRebuilt(Exception):
    """The release cannot be built again: one line that says why."""


@dataclass(frozen=True)
class Rebuilt:
    """`equal` marts by the same code from the same rows; else `reasons` say what is known to be different."""

    release_id: int
    as_of: str
    folder: Path
    marts: list[MartComparison]
    reasons: list[str]

    @property
    def equal(self) -> bool:
        return all(mart.equal for mart in self.marts)

    def as_json(self) -> dict[str, Any]:
        return {
            "release_id": self.release_id,
            "as_of": self.as_of,
            "folder": str(self.folder),
            "equal": self.equal,
            "reasons": self.reasons,
            "marts": [mart.as_json() for mart in self.marts],
        }


def rebuild_release(
    home: Home, settings: Settings, engine: Engine, release_id: int, progress: Progress = lambda _: None
) -> Rebuilt:
    """Raises `NotRebuilt`, or `AlreadyRunning` beside another rebuild."""
    with only_one(home.run / "rebuild.lock", "rebuild"):
        record, manifest = _record(home, release_id)
        build = BuildFolder(home.builds / f"rebuild-{release_id}")
        shutil.rmtree(build.root, ignore_errors=True)
        build.create()
        # Meanwhile nothing that is listed is removed: neither by compaction nor by an erasure, which waits.
        with reading(home.lake):
            reasons = _reasons(engine, manifest)
            progress("building")
            database = _build(home, settings, build, record, manifest)
        progress("comparing")
        return Rebuilt(release_id, manifest["as_of"], build.root, _compare(record, manifest, database), reasons)


def _record(home: Home, release_id: int) -> tuple[BuildFolder, dict[str, Any]]:
    record = find_release(home, release_id)
    if record is None:
        raise NotRebuilt(f"nothing is known of a release {release_id}: `meridian releases` lists them")
    try:
        return record, read_manifest(record)
    except ManifestUnreadable as error:
        raise NotRebuilt(f"release {release_id}: {error}") from None


def _reasons(engine: Engine, manifest: dict[str, Any]) -> list[str]:
    """Why something else may come out, known before."""
    erased = rewritings(engine) - manifest.get("erasures", 0)
    since = [f"patients were erased since, {erased} times: their rows are not there any more"] if erased > 0 else []
    if manifest["code"] != code_versions(bundled("dbt"), bundled("schemas") / "vocabularies"):
        since.append("it was built by other code, or with other vocabularies")
    return since


def _build(home: Home, settings: Settings, build: BuildFolder, record: BuildFolder, manifest: dict[str, Any]) -> Path:
    """The database that dbt made."""
    from warehouse_releases.dbt_build import run_dbt

    if not record.registry_export.is_dir():
        raise NotRebuilt("the registry that it was built with is gone")
    shutil.copytree(record.registry_export, build.registry_export, dirs_exist_ok=True)
    inputs = _inputs(home, build, manifest)
    # Not in the workshop: what is there is of now.
    database, variables = build.root / WAREHOUSE_FILE, inputs.dbt_variables(build.registry_export)
    outcome = run_dbt(bundled("dbt"), build, database, variables, settings)
    if outcome.error:
        raise NotRebuilt(outcome.error)
    return database


def _inputs(home: Home, build: BuildFolder, manifest: dict[str, Any]) -> BuildInputs:
    resolved = resolve(manifest["segments"], list_segments(home.lake, BUILT_TOPICS))
    if resolved.lost:
        raise NotRebuilt(f"the lake does not hold {resolved.lost} of the offsets that it was built from")
    as_of = datetime.fromisoformat(manifest["as_of"])
    slices = _write_slices(home.lake, build.root / "slices", resolved)
    return BuildInputs(home.lake, list(resolved.whole), {}, as_of, slices=slices)


def _write_slices(lake: Path, folder: Path, resolved: Resolved) -> tuple[tuple[str, str], ...]:
    """The topic and path of each part of a segment."""
    folder.mkdir(mode=0o700)
    written = []
    for number, (segment, ranges) in enumerate(resolved.parts):
        path = folder / f"{number}.parquet"
        _write_slice(lake, segment, ranges, path)
        written.append((segment.source.topic, str(path)))
    return tuple(written)


def _write_slice(lake: Path, segment: Segment, ranges: tuple[Range, ...], path: Path) -> None:
    within = [(pc.field("landed_offset") >= first) & (pc.field("landed_offset") <= last) for first, last in ranges]
    wanted = within[0]
    for one in within[1:]:
        wanted |= one
    pq.write_table(pq.ParquetFile(lake / segment.path).read().filter(wanted), path, compression="zstd")


def _compare(record: BuildFolder, manifest: dict[str, Any], rebuilt: Path) -> list[MartComparison]:
    if record.warehouse("officer").is_file():
        return compare_cells(record.warehouse("officer"), rebuilt)
    if (said := manifest.get("marts")) is None:
        raise NotRebuilt("its version is gone, and its manifest does not say what its marts were")
    return compare_checksums(said, rebuilt)
