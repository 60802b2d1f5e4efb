"""What staging, core and marts cost as a network's history grows, and what two percent more cost then."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from control_room.benchmarks.warehouse_history import CLINICS, History, write_history
from control_room.benchmarks.warehouse_landing import bench_landing
from control_room.benchmarks.warehouse_layers import LAYERS, Spent, build_layer
from network_registry.topics import EVENTS, QUARANTINE
from warehouse_releases.lake import parquet_paths
from warehouse_releases.segments import Segment

SIZES = (1_000_000, 3_000_000, 10_000_000)
_AS_OF = "2026-07-01T00:00:00+00:00"
_INCREMENT = 0.02


def bench_warehouse(sizes: Iterable[int], folder: Path | None, tell: Callable[[str], None]) -> dict[str, Any]:
    """For each size: seconds and peak MiB of every layer, whole and for the last two percent; bytes a session; and how
    seconds grow from one size to the next, over how sessions do (1 is linear)."""
    tell("landing")
    measured = {"landing": bench_landing(), "sizes": [_measured(size, folder, tell) for size in sizes]}
    return measured | {"growth": _growth(measured["sizes"])}


def rows_of(measured: dict[str, Any]) -> list[tuple[int, str, float, int, float]]:
    """The measurements as a table: sessions, layer, seconds, peak MiB, seconds of the increment."""
    return [
        (size["sessions"], layer, size["whole"][layer]["seconds"], size["whole"][layer]["peak_mib"],
         size["increment"][layer]["seconds"])
        for size in measured["sizes"]
        for layer in LAYERS
    ]  # fmt: skip


def _measured(sessions: int, folder: Path | None, tell: Callable[[str], None]) -> dict[str, Any]:
    root = Path(tempfile.mkdtemp(prefix="meridian-bench-", dir=folder))
    try:
        tell(f"{sessions:,} sessions: writing segments")
        (root / "lake").mkdir()
        history = write_history(root / "lake", sessions)
        whole, increment = _split(history)
        return {
            "sessions": history.sessions,
            "whole": _built(root, whole, [], tell),
            "increment": {"sessions": round(history.sessions * len(increment) / len(history.segments))}
            | _built(root, whole + increment, increment, tell),
            "bytes_a_session": {
                "segments": round(_size(root / "lake") / history.sessions),
                "warehouse": round(_size(root / "built") / history.sessions),
            },
        }
    finally:
        shutil.rmtree(root)


def _split(history: History) -> tuple[list[Segment], list[Segment]]:
    last = max(round(len(history.segments) * _INCREMENT), 1)
    return history.segments[:-last], history.segments[-last:]


def _built(root: Path, segments: list[Segment], new: list[Segment], tell: Callable[[str], None]) -> dict[str, Any]:
    variables = root / "variables.json"
    variables.write_text(json.dumps(_variables(root, segments, new)))
    database = root / "built" / "warehouse.duckdb"
    database.parent.mkdir(exist_ok=True)
    build_layer(database, variables, "seeds", full=True)
    spent: dict[str, Spent] = {}
    for layer in LAYERS:
        tell(f"{layer}, {'increment' if new else 'whole'}")
        spent[layer] = build_layer(database, variables, layer, full=not new)
    return {name: {"seconds": one.seconds, "peak_mib": one.peak_mib} for name, one in spent.items()}


def _variables(root: Path, segments: list[Segment], new: list[Segment]) -> dict[str, Any]:
    registry, lake = root / "registry", root / "lake"
    registry.mkdir(exist_ok=True)
    clinics = [f"clinic-{number:03}" for number in range(CLINICS)]
    none = pa.array([None] * CLINICS, pa.timestamp("us"))
    zones = pa.array(["Europe/Berlin"] * CLINICS)
    pq.write_table(
        pa.table({"clinic_id": clinics, "timezone": zones, "suspended_at": none}), registry / "clinics.parquet"
    )
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
