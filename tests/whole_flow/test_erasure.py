"""A patient is erased from a platform that runs: no byte is left outside the broker, and nothing of it comes back."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from network_registry.home import Home
from network_registry.keys import pseudonym_key
from network_registry.pseudonyms import patient_pseudonym

from .platform import found, meridian, process_id, wait_for

CLINIC = "erasing-oak"
# The second is what the first was called before: the clinic merged them, and may ask with either.
GONE, FORMERLY, STAYS = (f"{name}-{uuid.uuid4().hex}" for name in ("gone", "formerly", "stays"))

pytestmark = pytest.mark.timeout(600)


def answer(home: Home, *arguments: str, said: str = "", code: int = 0) -> Any:
    done = meridian(home, *arguments, "--json", said=said)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def events() -> Iterator[dict[str, Any]]:
    """Three patients, one of them under two references; one event is refused, and one is sent twice."""
    for reference in (GONE, FORMERLY, STAYS):
        name = reference.split("-")[0]
        yield event(f"{name}-1", "patient.enrolled", reference, {"age_years": 40, "sex": "female"})
        yield event(f"{name}-2", "session.completed", reference, {"session_id": f"s-{name}", "needles_inserted": 2})
        yield event(f"{name}-2", "session.completed", reference, {"session_id": f"s-{name}", "needles_inserted": 2})
        yield event(f"{name}-3", "adverse_event.reported", reference, {"term": "haematoma_bruise", "severity": "mild"})
    yield event("merger", "patient.merged", GONE, {"former_reference": FORMERLY})
    yield {name: value for name, value in event("refused", "session.completed", GONE, {}).items() if name != "time"}


def event(event_id: str, event_type: str, reference: str, data: dict[str, Any]) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": event_id, "source": "/erasing", "time": "2026-03-02T09:30:00+01:00"}
    return head | {"type": event_type, "subject": reference, "data": data}


def pseudonyms(home: Home, *references: str) -> list[str]:
    return [patient_pseudonym(pseudonym_key(home), CLINIC, reference) for reference in references]


def erasure_is(home: Home, erasure_id: int, *statuses: str) -> bool:
    with closing(sqlite3.connect(f"file:{home.registry_db}?mode=ro", uri=True, timeout=60)) as connection:
        found = connection.execute("select status from erasures where erasure_id = ?", [erasure_id]).fetchone()
    return found is not None and found[0] in statuses


def conservation(home: Home) -> dict[str, Any]:
    whole = json.loads(meridian(home, "status", "--json").stdout)["conservation"]
    return {name: sum(part[name] for part in whole["partitions"] if part["clinic_id"] == CLINIC) for name in (
        "sent", "accepted", "quarantined", "duplicates", "erased", "pending")} | {"holds": whole["holds"]}  # fmt: skip


@pytest.fixture(scope="module")
def published(platform_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clinic has published, a release is built of it and exported, twice: into the home and elsewhere."""
    folder = tmp_path_factory.mktemp("erasing")
    file = folder / "events.jsonl"
    # Every other one is written more tightly: the outbox knows an event by its bytes, the platform by its content.
    tight = [{"separators": (",", ":")}, {}]
    file.write_text("".join(json.dumps(one, **tight[n % 2]) + "\n" for n, one in enumerate(events())))
    assert meridian(platform_home, "clinic", "add", CLINIC).returncode == 0
    answer(platform_home, "publish", str(file), "--clinic", CLINIC, "--wait")
    answer(platform_home, "build")
    for place in (platform_home.root / "exports", folder / "exports"):
        assert meridian(platform_home, "export", str(place), "--tier", "officer").returncode == 0
    return file


def test_a_patient_is_erased_while_the_builder_dies_and_does_not_come_back(platform_home, published) -> None:
    home, needles = platform_home, [GONE, FORMERLY, *pseudonyms(platform_home, GONE, FORMERLY)]
    assert found(home, needles), "the test proves nothing otherwise"
    assert conservation(home) == {
        "sent": 14, "accepted": 10, "quarantined": 1, "duplicates": 3, "erased": 0, "pending": 0, "holds": True,
    }  # fmt: skip

    preview = answer(home, "erase", CLINIC, "--dry-run", said=FORMERLY + "\n")
    assert (preview["pseudonyms"], preview["rows"], preview["status"]) == (2, 9, "preview")
    refused = meridian(home, "erase", CLINIC, said=FORMERLY + "\n")
    assert (refused.returncode, "say --yes" in refused.stderr) == (2, True)
    before = answer(home, "erase", "--list")

    command = [sys.executable, "-m", "control_room", "erase", CLINIC, "--yes", "--json", "--reason", "by letter"]
    environment = {**os.environ, "MERIDIAN_HOME": str(home.root)}
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, env=environment, **pipes, text=True) as erasing:
        assert erasing.stdin
        erasing.stdin.write(FORMERLY + "\n")
        erasing.stdin.flush()
        wait_for(lambda: erasure_is(home, len(before) + 1, "rewriting", "rewritten"), "the rewriting")
        os.kill(wait_for(lambda: process_id(home, "builder"), "a builder"), signal.SIGKILL)
        said, complained = erasing.communicate()
    assert erasing.returncode == 0, complained
    done = json.loads(said)
    assert (done["status"], done["pseudonyms"], done["rows"], done["error"]) == ("done", 2, 9, None)
    assert [Path(one["folder"]) for one in done["exports_elsewhere"]] == [published.parent / "exports"]
    assert done["exported_files"] > 0 and list((home.root / "exports").iterdir()) == []

    assert found(home, needles) == []
    assert found(home, pseudonyms(home, STAYS)), "nobody else was erased"
    assert conservation(home) == {
        "sent": 14, "accepted": 3, "quarantined": 1, "duplicates": 1, "erased": 9, "pending": 0, "holds": True,
    }  # fmt: skip

    again = answer(home, "publish", str(published), "--clinic", CLINIC, "--wait")
    assert again["reasons"]["patient_erased"] == 9
    assert answer(home, "build")["status"] == "released"
    assert found(home, needles) == []
    after = conservation(home)
    assert (after["accepted"], after["erased"], after["holds"]) == (3, 9, True)
    listed, *earlier = answer(home, "erase", "--list")
    assert earlier == before
    assert (listed["reason"], listed["status"], listed["clinic_id"]) == ("by letter", "done", CLINIC)
