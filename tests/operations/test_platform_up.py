"""`up` and `down` as others call them: what they refuse, and what they say of a platform that does not get ready."""

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from control_room.broker.claim import claim
from control_room.supervision import down, process_states, start_detached, up
from control_room.supervision.failures import AlreadyUp, NotReady
from control_room.supervision.platform_plan import broker_missing, dashboard_missing, platform_plan
from control_room.supervision.states import ProcessState
from control_room.supervision.up import what_is_not_ready, why_it_ended

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def state(name: str, phase: str, restarts: int = 0, missing: str | None = None) -> ProcessState:
    return ProcessState(name, phase, None, None, restarts, NOW, missing, f"/logs/{name}.log")


def test_a_home_that_is_up_already_is_told_in_one_line(free_home):
    lock = claim(free_home.home.run / "supervisor.lock")
    with pytest.raises(AlreadyUp, match=rf"is up already \(process {os.getpid()}\)$"):
        up(free_home.home, free_home.settings, detach=True)
    os.close(lock)


@pytest.mark.parametrize("setting", ["broker_port", "controller_port", "dashboard_port"])
def test_a_detached_start_says_which_port_is_taken_and_starts_nothing(free_home, taken_port: int, setting: str):
    settings = free_home.settings.model_copy(update={setting: taken_port})
    with pytest.raises(NotReady, match=rf"^port {taken_port} .* is taken; set MERIDIAN_{setting.upper()}"):
        start_detached(free_home.home, settings)
    assert process_states(free_home.home) == []


def test_stopping_what_is_not_up_is_no_error(free_home, capsys: pytest.CaptureFixture[str]):
    assert down(free_home.home) == 0
    assert "the platform was not up" in capsys.readouterr().err


def test_a_state_file_that_cannot_be_read_is_as_good_as_none(free_home):
    (free_home.home.run / "supervisor.json").write_text('{"supervisor": ')
    assert process_states(free_home.home) == []
    assert down(free_home.home) == 0


def test_of_what_is_not_ready_the_one_that_died_most_often_is_told_with_its_last_words():
    processes = [
        state("broker", "running"),
        state("stream", "restarting", restarts=4, missing="ended (1): the key cannot be read"),
        state("lander", "starting", missing="has only just started"),
    ]
    said = what_is_not_ready(processes)
    assert said == "stream is not ready: ended (1): the key cannot be read (see /logs/stream.log)"


def test_the_broker_is_ready_only_with_the_network_s_topics_in_it(embedded_broker):
    assert broker_missing(embedded_broker.home, embedded_broker.settings) is None


def test_what_is_missing_is_told_while_nothing_answers(free_home):
    assert "no broker answers" in (broker_missing(free_home.home, free_home.settings) or "")
    assert "nothing answers at http://127.0.0.1" in (dashboard_missing(free_home.settings) or "")


def test_with_a_broker_of_others_none_is_started_here(free_home):
    elsewhere = free_home.settings.model_copy(update={"bootstrap": "kafka.example:9092"})
    assert "broker" in platform_plan(free_home.home, free_home.settings).names
    assert "broker" not in platform_plan(free_home.home, elsewhere).names


def test_several_workers_of_the_stream_have_a_number_each(free_home):
    plan = platform_plan(free_home.home, free_home.settings.model_copy(update={"stream_workers": 3}))
    streams = {spec.name: spec.command[-1] for spec in plan.processes if spec.name.startswith("stream")}
    assert streams == {"stream": "1", "stream-2": "2", "stream-3": "3"}


@pytest.mark.parametrize("bootstrap", [None, "kafka.example:9092"])
def test_every_process_of_the_plan_is_stopped_in_one_stage_exactly(free_home, bootstrap: str | None):
    changed = {"bootstrap": bootstrap, "stream_workers": 2}
    plan = platform_plan(free_home.home, free_home.settings.model_copy(update=changed))
    assert sorted(name for stage in plan.stop_stages for name in stage) == sorted(plan.names)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("started\nport 9 is taken\n", "port 9 is taken"),
        ('started\nTraceback (most recent call last):\n  File "<frozen run', "could not write why"),
        ("", "could not write why"),
    ],
    ids=["its last line", "cut off by a full disk", "nothing"],
)
def test_of_a_supervisor_that_ended_at_its_start_its_last_whole_line_is_told_or_that_there_is_none(
    tmp_path, said, told
):
    log = tmp_path / "supervisor.log"
    log.write_text("of an earlier run\n" + said)
    assert told in why_it_ended(log, len("of an earlier run\n"), 1)


def test_a_start_on_a_full_disk_does_not_wait_for_a_state_that_cannot_be_written(free_home, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1000, 1000, 0))
    # A supervisor that finds no broker of others ends by itself.
    settings = free_home.settings.model_copy(update={"bootstrap": "127.0.0.1:9"})
    with pytest.raises(NotReady, match="there is no space left in"):
        start_detached(free_home.home, settings)
