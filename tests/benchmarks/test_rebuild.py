"""`meridian bench rebuild` on a real broker, with as few events as it takes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "json.md").read_text()
EXAMPLE = re.search(r"## `meridian bench rebuild --json`\n.*?```json\n(.*?)```", PAGE, re.DOTALL)


def bench(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "control_room", "bench", "rebuild", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.timeout(280)
def test_every_event_is_found_as_it_was_laid_down_and_a_kill_costs_none(tmp_path):
    done = bench("--events", "100000", "--folder", str(tmp_path), "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert EXAMPLE and answer.keys() == json.loads(EXAMPLE[1]).keys()
    assert (answer["events"], answer["healed"]) == (100_000, 128)
    assert answer["killed_at"] + answer["decided_after_it"] == 100_000
    assert not list(tmp_path.iterdir())


def test_too_few_events_are_refused_in_one_line():
    done = bench("--events", "10")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
