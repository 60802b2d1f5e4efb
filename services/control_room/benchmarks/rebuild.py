"""`meridian bench rebuild`: millions of events decided again from their topics, with a kill -9 on the way."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from control_room.benchmarks.rebuild_history import lay_history
from control_room.benchmarks.stream_input import StreamInput, broker_of_clinics
from control_room.deciding_again.plan import plan_folder, read_plan

# How much is done when the command is killed, once.
_KILLED_AT = 0.2
_LOOK_S = 0.2

Tell = Callable[[str], None]


def bench_rebuild(events: int, folder: Path | None = None, tell: Tell = lambda _: None) -> dict[str, Any]:
    """Raises RuntimeError when an event is not found as it was laid down."""
    with (
        tempfile.TemporaryDirectory(prefix="meridian-bench-", dir=folder) as root,
        broker_of_clinics(Path(root), events) as given,
    ):
        refused = lay_history(given, tell)
        sizes = {"topics_mib": _mib(given.home.broker), "segments_mib": _mib(given.home.lake)}
        began = time.monotonic()
        looked_up_s, killed_at = _killed(given, tell)
        answer = _gone_on_with(given, tell)
        seconds = time.monotonic() - began
    counts, laid = answer["counts"], sum(answer["counts"].values())
    if (counts["healed"], counts["unchanged"]) != (refused, laid - refused) or not answer["resumed"]:
        raise RuntimeError(f"not as it was laid down: {counts}, {refused} refused")
    return {
        "events": laid,
        "seconds": round(seconds, 1),
        "looking_up_seconds": round(looked_up_s, 1),
        "killed_at": killed_at,
        "decided_after_it": answer["events"],
        "events_per_second": answer["events_per_second"],
        "healed": counts["healed"],
        **sizes,
    }


def _killed(given: StreamInput, tell: Tell) -> tuple[float, int]:
    """How long it took until there was a plan, and how many events were noted when the command was killed."""
    process, folder = _start(given, tell), plan_folder(given.home)
    began, looked_up = time.monotonic(), None
    while True:
        if process.poll() is not None:
            raise RuntimeError("the rebuild ended before it was killed")
        plan = read_plan(folder)
        if plan and looked_up is None:
            looked_up = time.monotonic() - began
        if plan and plan.done >= _KILLED_AT * plan.total:
            break
        time.sleep(_LOOK_S)
    process.kill()
    process.wait()
    done = (read_plan(folder) or plan).done
    tell(f"killed at {done:,} events")
    return looked_up or 0.0, done


def _gone_on_with(given: StreamInput, tell: Tell) -> dict[str, Any]:
    process = _start(given, tell)
    said = process.stdout.read() if process.stdout else ""
    if process.wait():
        raise RuntimeError(f"the rebuild ended with {process.returncode}")
    return json.loads(said)


def _start(given: StreamInput, tell: Tell) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "control_room", "rebuild", "--from", "topics", "--dry-run", "--json"]
    environment = {**os.environ, "MERIDIAN_HOME": str(given.home.root)}
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)
    threading.Thread(target=_pass_on, args=(process, tell), daemon=True).start()
    return process


def _pass_on(process: subprocess.Popen[str], tell: Tell) -> None:
    for line in process.stderr or ():
        tell(line.rstrip())


def _mib(folder: Path) -> int:
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20)
