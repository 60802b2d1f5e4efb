"""One layer of the warehouse, built in a process of its own so that its memory can be told from that of the others.

`python -m control_room.benchmarks.warehouse_layers VARIABLES LAYER`, with the database in MERIDIAN_BUILD_DB.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from clinic_events.resources import bundled
from warehouse_releases.one_line import in_one_line

# Each layer, and the folders of models that are it: marts are made of what several of them read.
LAYERS = {
    "staging": ("staging",),
    "core": ("core",),
    "quality": ("quality",),
    "marts": ("evidence", "marts"),
}


class LayerFailed(Exception):
    """A layer could not be built: one line that says which model and why."""


@dataclass(frozen=True)
class Spent:
    """What a layer took: `seconds` by the clock, the largest resident set in MiB."""

    seconds: float
    peak_mib: int


def build_layer(database: Path, variables: Path, layer: str, full: bool) -> Spent:
    """Build seeds or one layer. `variables` is a file of dbt's variables. Raises `LayerFailed`."""
    command = [sys.executable, "-m", __name__, str(variables), layer, *(["--full-refresh"] if full else [])]
    began = time.monotonic()
    child = subprocess.Popen(
        command, env={**os.environ, "MERIDIAN_BUILD_DB": str(database)}, stdout=subprocess.PIPE, text=True
    )
    told = child.stdout.read() if child.stdout else ""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise LayerFailed(f"{layer}: {in_one_line(told)[:300] or 'it ended early'}")
    return Spent(round(float(told.split()[-1]) if told else time.monotonic() - began, 1), usage.ru_maxrss // 1024)


def _run(variables: Path, layer: str, full: bool) -> int:
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    project, folder = str(bundled("dbt")), variables.parent / "target"
    command = ["seed"] if layer == "seeds" else ["run", "--select", *LAYERS[layer]]
    where = ["--project-dir", project, "--profiles-dir", project]
    where += ["--target-path", str(folder), "--log-path", str(folder)]
    quiet = ["--log-level", "none", "--log-level-file", "none", "--vars", variables.read_text()]
    runner = dbtRunner()
    # The project is parsed before the clock starts: a resident builder has done that long ago.
    parsed = runner.invoke(["parse", *where, *quiet]).result
    began = time.monotonic()
    done = dbtRunner(manifest=parsed if isinstance(parsed, Manifest) else None).invoke(
        [*command, *(["--full-refresh"] if full else []), *where, *quiet]
    )
    spent = time.monotonic() - began
    broken = [one for one in getattr(done.result, "results", ()) if one.status in ("error", "runtime error")]
    if broken or not done.success:
        print(f"{broken[0].node.name}: {broken[0].message}" if broken else str(done.exception))  # noqa: T201
        return 1
    print(spent)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(_run(Path(sys.argv[1]), sys.argv[2], "--full-refresh" in sys.argv))
