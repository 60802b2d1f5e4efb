"""The conformance kit says of every line what `meridian check` answers, and shows every type and every rule."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.reasons import REASONS
from clinic_events.resources import bundled
from clinic_publisher.check import check_file

KIT = bundled("schemas") / "conformance"
VERDICTS: dict[str, Any] = json.loads((KIT / "verdicts.json").read_text())
FILES = sorted(KIT.glob("*.jsonl"))


def checked(path: Path) -> dict[str, Any]:
    """What the command answers of a file."""
    command = [sys.executable, "-m", "control_room", "check", str(path), "--clinic", "north-bridge", "--json"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_command_answers_what_the_kit_says(path: Path) -> None:
    answer = checked(path)
    events = [{key: event[key] for key in ("line", "verdict", "reasons")} for event in answer["events"]]
    assert {"events": events, "refused": [line["line"] for line in answer["refused"]]} == VERDICTS[path.name]


def test_the_verdicts_are_of_the_files_that_are_there() -> None:
    assert [path.name for path in FILES] == sorted(VERDICTS)
    for path in FILES:
        lines = [event["line"] for event in VERDICTS[path.name]["events"]] + VERDICTS[path.name]["refused"]
        assert sorted(lines) == list(range(1, 1 + len(path.read_bytes().splitlines())))


def test_every_type_of_event_is_in_the_kit() -> None:
    lines = (line for path in FILES if path.stem != "unreadable" for line in path.read_text().splitlines())
    assert {json.loads(line).get("type") for line in lines} >= EVENT_TYPES.keys()


def test_every_rule_of_the_stream_is_in_the_kit() -> None:
    told = {reason["code"] for file in VERDICTS.values() for event in file["events"] for reason in event["reasons"]}
    told |= {"unreadable"} if VERDICTS["unreadable.jsonl"]["refused"] else set()
    # Nobody wants to keep a line of a mebibyte: the next test makes one.
    assert told | {"too_large"} == {code for code, kind in REASONS.items() if kind.decided_in == "stream"}


def test_a_line_of_more_than_a_mebibyte_is_refused(tmp_path: Path) -> None:
    (path := tmp_path / "large.jsonl").write_text(json.dumps({"id": "x" * 1_048_576}) + "\n")
    assert [line.line for line in check_file(path, "north-bridge").refused] == [1]


def test_no_file_publishes_one_identifier_for_two_events() -> None:
    lines = [json.loads(line) for path in FILES if path.stem == "accepted" for line in path.read_text().splitlines()]
    assert len({event["id"] for event in lines}) == len(lines)
