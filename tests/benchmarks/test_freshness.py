"""Who publishes when, in the benchmark of freshness."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from control_room.benchmarks.open_loop import with_a_flood

PAGE = (Path(__file__).parents[2] / "docs" / "json.md").read_text()
CLINICS = tuple(f"clinic-{number}" for number in range(8))


def test_who_floods_has_a_hundred_times_the_share_of_each_other_one_and_is_spread_evenly():
    turns = with_a_flood(CLINICS, 100)
    counts = Counter(turns)
    assert counts.pop("clinic-0") == 100 and set(counts.values()) == {1}
    assert all("clinic-0" in turns[number : number + 3] for number in range(104))


@pytest.mark.parametrize("options", [("--rate", "0"), ("--clinics", "1"), ("--seconds", "-1")])
def test_what_cannot_be_measured_is_refused_in_one_line(options):
    command = [sys.executable, "-m", "control_room", "bench", "freshness", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "at least" in done.stderr and "Traceback" not in done.stderr


def test_the_page_shows_what_is_answered():
    example = re.search(r"## `meridian bench freshness --json`\n.*?```json\n(.*?)```", PAGE, re.DOTALL)
    assert example and json.loads(example[1]).keys() >= {"validated_ms", "landed_ms", "lost", "flood"}
