"""A campaign: in the middle of each portion of events one fault; at its end the judgement.

`campaign.jsonl` has two lines for each fault: before it what repeats that one (`--seed`, `--faults`, `--events`,
`--only`), and after it how long the stream needed to go on.
"""

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from clinic_publisher.publish import send_pending
from control_room.benchmarks.sample_sessions import each_sample_session
from control_room.fault_campaign.faults import Fault, planned
from control_room.fault_campaign.inflicting import inflict
from control_room.fault_campaign.observer import Judgement, judge, landed_twice
from control_room.fault_campaign.platform import CLINICS, Platform, Unwell, running_platform, wait_until
from control_room.fault_campaign.recovery import resumed_after
from control_room.fault_campaign.traffic import publish_traffic
from network_registry.connections import platform_connection

_DRAINED_WITHIN_S = 600.0


def run_campaign(
    root: Path, seed: int, faults: int, only: int | None, events: int, with_disks: bool, tell: Callable[[str], None]
) -> dict[str, Any]:
    """What was done and how the platform fared. Raises `Unwell` when it does not come back, and `NotMounted`."""
    chosen = [fault for fault in planned(seed, faults, with_disks) if only in (None, fault.number)]
    log, portion, resumed = root / "campaign.jsonl", events // faults, defaultdict(list)
    with running_platform(root, portion * len(chosen), with_disks) as platform:
        for fault in chosen:
            tell(f"fault {fault.number} of {faults}: {fault.kind}")
            _note(log, {"seed": seed, "faults": faults, "events": events} | asdict(fault))
            seconds = _suffer(platform, fault, each_sample_session(portion, seed, portion * (fault.number - 1)))
            _note(log, {"number": fault.number, "resumed_s": seconds})
            if seconds is not None:
                resumed[fault.kind].append(seconds)
        tell("everything lands, and a release is made")
        judgement, twice = _judged(platform)
    return {
        "seed": seed,
        "faults": len(chosen),
        "log": str(log),
        **asdict(judgement),
        "landed_twice": twice,
        "slowest_resumed_s": {kind: max(times) for kind, times in sorted(resumed.items())},
        "holds": judgement.holds and not twice,
    }


def _note(log: Path, line: dict[str, Any]) -> None:
    with log.open("a") as file:
        file.write(json.dumps(line) + "\n")


def _suffer(platform: Platform, fault: Fault, sessions: Iterable[bytes]) -> float | None:
    """One portion, and the fault in the middle of it. Seconds until the stream went on, where a worker was hit."""
    portion = [(CLINICS[number % len(CLINICS)], session) for number, session in enumerate(sessions)]
    with ThreadPoolExecutor(1) as background:
        publishing = background.submit(publish_traffic, platform.home, platform.settings, platform.outboxes, portion)
        time.sleep(fault.pause_s)
        with resumed_after(platform, fault) as resumed:
            inflict(platform, fault)
        publishing.result()
    return resumed.seconds


def _judged(platform: Platform) -> tuple[Judgement, int]:
    """The judgement, and how many records landed twice."""
    home, settings = platform.home, platform.settings

    def all_landed() -> bool:
        reports = [
            send_pending(home, settings, wait=True, outbox_folder=folder) for folder in platform.outboxes.iterdir()
        ]
        return not any(report.problems for report in reports)

    wait_until(all_landed, "every event to land", _DRAINED_WITHIN_S)
    twice = landed_twice(home.lake)
    built = subprocess.run([sys.executable, "-m", "control_room", "build"], capture_output=True, text=True, check=False)
    if built.returncode:
        raise Unwell(f"no release was made: {built.stderr.strip().splitlines()[-1:]}")
    release = home.warehouse / "current" / "officer" / "warehouse.duckdb"
    return judge(platform.outboxes, release, platform_connection(home, settings).kafka_python()), twice
