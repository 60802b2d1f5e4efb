"""What staging, core and marts cost as a network's history grows, and what two percent more cost then."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from clinic_events.resources import bundled
from control_room.benchmarks import warehouse_history
from control_room.benchmarks.steps import Steps
from control_room.benchmarks.warehouse_history import CLINICS, write_history
from control_room.benchmarks.warehouse_landing import bench_landing
from control_room.benchmarks.warehouse_layers import LAYERS, build_layer
from network_registry.topics import EVENTS, QUARANTINE
from warehouse_releases.lake import list_segments, parquet_paths
from warehouse_releases.manifest import sources_fingerprint
from warehouse_releases.segments import Segment

SIZES = (1_000_000, 3_000_000, 10_000_000)
_AS_OF = "2026-07-01T00:00:00+00:00"
_INCREMENT = 0.02


def bench_warehouse(sizes: Iterable[int], folder: Path | None, tell: Callable[[str], None]) -> dict[str, Any]:
    """For each size: seconds and peak MiB of every layer, whole and for the last two percent; bytes a session; and how
    seconds grow from one size to the next, over how sessions do (1 is linear). What an interruption leaves undone in
    `folder` is done by the next call."""
    steps = Steps((folder or Path(tempfile.gettempdir())) / "meridian-bench-warehouse", _code())
    tell(f"landing; what is done is kept in {steps.folder}")
    landing = steps.once("landing", bench_landing)
    measured = []
    for size in sizes:
        measured.append(steps.once(f"{size}", partial(_measured, size, steps, tell)))
        shutil.rmtree(steps.folder / f"{size}", ignore_errors=True)
    steps.end()
    return {"landing": landing, "sizes": measured, "growth": _growth(measured)}


def _code() -> str:
    return "-".join(
        (sources_fingerprint(bundled("dbt")), hashlib.sha256(Path(warehouse_history.__file__).read_bytes()).hexdigest())
    )


def rows_of(measured: dict[str, Any]) -> list[tuple[int, str, float, int, float]]:
    """The measurements as a table: sessions, layer, seconds, peak MiB, seconds of the increment."""
    return [
        (size["sessions"], layer, size["whole"][layer]["seconds"], size["whole"][layer]["peak_mib"],
         size["increment"][layer]["seconds"])
        for size in measured["sizes"]
        for layer in LAYERS
    ]  # fmt: skip


def _measured(sessions: int, steps: Steps, tell: Callable[[str], None]) -> dict[str, Any]:
    root = steps.folder / f"{sessions}"
    written = steps.once(f"{sessions}: segments", lambda: _written(root, sessions, tell))
    whole, increment = _split(list_segments(root / "lake", (EVENTS,)))
    more = round(written * len(increment) / (len(whole) + len(increment)))
    return {
        "sessions": written,
        "whole": _built(root, whole, [], steps, tell),
        "increment": {"sessions": more} | _built(root, whole + increment, increment, steps, tell),
        "bytes_a_session": {
            "segments": round(_size(root / "lake") / written),
            "warehouse": round(_size(root / "built") / written),
        },
    }


def _written(root: Path, sessions: int, tell: Callable[[str], None]) -> int:
    tell(f"{sessions:,} sessions: writing segments")
    shutil.rmtree(root, ignore_errors=True)
    (root / "lake").mkdir(parents=True)
    return write_history(root / "lake", sessions)


def _split(segments: list[Segment]) -> tuple[list[Segment], list[Segment]]:
    last = max(round(len(segments) * _INCREMENT), 1)
    return segments[:-last], segments[-last:]


def _built(
    root: Path, segments: list[Segment], new: list[Segment], steps: Steps, tell: Callable[[str], None]
) -> dict[str, Any]:
    variables = root / "variables.json"
    variables.write_text(json.dumps(_variables(root, segments, new)))
    database = root / "built" / "warehouse.duckdb"
    database.parent.mkdir(exist_ok=True)
    kind = "increment" if new else "whole"
    build_layer(database, variables, "seeds", full=True)

    def spent(layer: str) -> dict[str, Any]:
        tell(f"{layer}, {kind}")
        return asdict(build_layer(database, variables, layer, full=not new))

    return {layer: steps.once(f"{root.name}: {layer}, {kind}", partial(spent, layer)) for layer in LAYERS}


def _variables(root: Path, segments: list[Segment], new: list[Segment]) -> dict[str, Any]:
    registry, lake = root / "registry", root / "lake"
    registry.mkdir(exist_ok=True)
    clinics = [f"clinic-{number:03}" for number in range(CLINICS)]
    none = pa.array([None] * CLINICS, pa.timestamp("us"))
    zones = pa.array(["Europe/Berlin"] * CLINICS)
    columns = {"clinic_id": clinics, "timezone": zones, "added_at": none, "suspended_at": none}
    pq.write_table(pa.table(columns), registry / "clinics.parquet")
    studies = pa.schema([("study_id", pa.string()), ("reference_arm", pa.string()), ("registered_at", none.type)])
    pq.write_table(studies.empty_table(), registry / "studies.parquet")
    return {
        "is_increment": bool(new),
        "event_segments": parquet_paths(lake, EVENTS, segments),
        "new_event_segments": parquet_paths(lake, EVENTS, new),
        "quarantine_segments": parquet_paths(lake, QUARANTINE, []),
        "registry_export": str(registry),
        "as_of": _AS_OF,
    }


def _growth(sizes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Between neighbouring sizes, the ratio of seconds over the ratio of sessions."""
    found = []
    for smaller, larger in pairwise(sizes):
        times = larger["sessions"] / smaller["sessions"]
        ratios = {
            layer: round(larger["whole"][layer]["seconds"] / max(smaller["whole"][layer]["seconds"], 0.1) / times, 2)
            for layer in LAYERS
        }
        found.append({"from": smaller["sessions"], "to": larger["sessions"], **ratios})
    return found


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
