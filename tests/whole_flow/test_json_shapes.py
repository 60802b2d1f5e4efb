"""The shapes in docs/json.md are what the commands answer."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# Some twenty commands, each a process, and four builds among them.
pytestmark = pytest.mark.timeout(900)

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "json.md").read_text()
SHAPES = {
    command: json.loads(example)
    for command, example in re.findall(r"^## `meridian (.+?)`\n.*?^```json\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
}
# The demo and the benchmarks have tests of their own; a statement's columns are its own.
PUBLISH = "publish FILE --clinic ID --wait --json"
MEASURE = "measure adverse_events_per_1000_sessions --by credential --json"
REBUILD = "rebuild --release 3 --json"
FROM_TOPICS = "rebuild --from topics --json"
BENCHMARKS = {
    f"bench {name} --json"
    for name in ("language", "stream", "partitions", "freshness", "rebuild", "coverage", "warehouse")
}
EXCEPTED = {"demo --exit --json", "fault-campaign --json", *BENCHMARKS}

EVENTS = """\
{"specversion":"1.0","id":"j1","source":"s","type":"session.completed","time":"2026-03-02T09:30:00+01:00",\
"subject":"P-1","data":{"session_id":"S-1","needles_inserted":3,"needles_removed":2}}
{"specversion":"1.0","id":"j2","source":"s","type":"session.completed","subject":"P-1","data":{"session_id":"S-2"}}
not json
"""
# names of an object that are data, not shape
OPEN = {"reasons", "seconds"}


def names(value: Any, name: str = "") -> Any:
    """The names of a document without its values; of an array, those of its first element."""
    if isinstance(value, dict):
        return {} if name in OPEN else {key: names(inner, key) for key, inner in value.items()}
    return [names(value[0])] if isinstance(value, list) and value and isinstance(value[0], dict) else None


@pytest.fixture(scope="module")
def answers(platform_home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each command of the page says, in the order in which they depend on each other."""
    file = tmp_path_factory.mktemp("events") / "events.jsonl"
    file.write_text(EVENTS)

    def run(*arguments: str, said: str = "") -> str:
        environment = {**os.environ, "MERIDIAN_HOME": str(platform_home.root)}
        command = [sys.executable, "-m", "control_room", *arguments]
        done = subprocess.run(command, env=environment, input=said, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    run("clinic", "add", "north-bridge")
    run("study", "add", "headache-trial", "--reference-arm", "control", "--title", "Acupuncture for chronic headache")
    statement = "select clinic_id, sessions from mart_safety_by_clinic"
    plain = [name for name in SHAPES if name not in EXCEPTED and re.fullmatch(r"[a-z ]+ --json", name)]
    first = {
        PUBLISH: ["publish", str(file), "--clinic", "north-bridge", "--wait", "--json"],
        "check FILE --json": ["check", str(file), "--json"],
        "build --json": ["build", "--json"],
    }
    then = {
        "lock --json": ["lock", "--json"],
        'sql "select ..." --json': ["sql", statement, "--json"],
        'sql "select ..." --cite --json': ["sql", statement, "--cite", "--json"],
        MEASURE: MEASURE.split(),
        REBUILD: ["rebuild", "--release", "1", "--json"],
        FROM_TOPICS: FROM_TOPICS.split(),
        **{name: name.split() for name in plain if name not in ("build --json", "lock --json")},
    }
    said = {name: json.loads(run(*arguments)) for name, arguments in first.items()}
    # The lock makes another release: an erasure tells what was exported of an earlier one.
    run("export", str(tmp_path_factory.mktemp("elsewhere")), "--tier", "officer")
    said |= {name: json.loads(run(*arguments)) for name, arguments in then.items()}
    # At the end: the rest is about what is there.
    for name in ("erase CLINIC --dry-run --json", "erase CLINIC --yes --json"):
        said[name] = json.loads(run(*name.replace("CLINIC", "north-bridge").split(), said="P-1\n"))
    return said | {"erase --list --json": json.loads(run("erase", "--list", "--json"))}


@pytest.mark.parametrize("command", sorted(SHAPES.keys() - EXCEPTED))
def test_the_page_shows_what_the_command_answers(answers: dict[str, Any], command: str) -> None:
    assert names(answers[command]) == names(SHAPES[command])


def test_what_the_page_shows_of_publish_is_what_it_says(answers: dict[str, Any]) -> None:
    assert {**answers[PUBLISH], "warnings": answers[PUBLISH]["warnings"][:1]} == SHAPES[PUBLISH]


def test_status_is_healthy_and_everything_is_accounted_for(answers: dict[str, Any]) -> None:
    status = answers["status --json"]
    assert status["healthy"], status["problems"]
    ours = [part for part in status["conservation"]["partitions"] if part["clinic_id"] == "north-bridge"]
    counts = ("sent", "accepted", "quarantined", "duplicates", "erased", "pending")
    assert [sum(part[name] for part in ours) for name in counts] == [2, 1, 1, 0, 0, 0]
