"""A process id alone proves nothing: it may belong to somebody else by now."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from control_room.supervision.identities import Identity, end, identify, is_alive

POLITE = """
import signal, sys
def leave(*_): print("asked to leave"); sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("there", flush=True)
signal.pause()
"""
STUBBORN = POLITE.replace("leave)", "signal.SIG_IGN)")


@contextmanager
def running(program: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "there\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[str]]:
    with running(POLITE) as process:
        yield process


def identity_of(process: subprocess.Popen) -> Identity:
    identity = identify(process.pid)
    assert identity
    return identity


def test_a_process_is_known_again_while_it_lives_and_not_after(sleeper: subprocess.Popen[str]):
    identity = identity_of(sleeper)
    assert is_alive(identity)
    sleeper.kill()
    sleeper.wait()
    assert not is_alive(identity)


def test_another_process_with_the_same_id_is_left_alone(sleeper: subprocess.Popen[str]):
    long_gone = replace(identity_of(sleeper), started=identity_of(sleeper).started - 3600)
    assert not is_alive(long_gone)
    assert end([long_gone], grace_s=5.0) == 0
    assert sleeper.poll() is None


def test_a_process_is_asked_to_end_before_anything_else(sleeper: subprocess.Popen[str]):
    assert end([identity_of(sleeper)], grace_s=30.0) == 1
    assert sleeper.stdout
    assert sleeper.stdout.read() == "asked to leave\n"


def test_a_process_that_will_not_end_is_killed():
    with running(STUBBORN) as process:
        stubborn = identity_of(process)
        assert end([stubborn], grace_s=0.2) == 1
        assert not is_alive(stubborn)


def test_a_child_that_has_ended_and_was_not_collected_yet_is_not_alive():
    with running(POLITE) as process:
        identity = identity_of(process)
        os.kill(process.pid, signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not is_alive(identity)
