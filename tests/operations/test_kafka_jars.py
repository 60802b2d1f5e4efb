"""Kafka's jars: fetched once, proved to be the locked ones, and never looked for on the network again."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from control_room.broker.failures import JarsUnavailable
from control_room.broker.jars import MANIFEST, cache_folder, is_complete, kafka_jars, pinned_jars, verify

FETCH = """
import sys
from control_room.broker.failures import JarsUnavailable
from control_room.broker.jars import kafka_jars
try:
    print(len(kafka_jars()), "jgo" in sys.modules)
except JarsUnavailable as fault:
    print(fault)
"""
NOWHERE = "http://127.0.0.1:9"


def fetch_without_network(**environment: str) -> str:
    """What a process says that asks for the jars while every proxy leads nowhere."""
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOWHERE)
    whole = {**os.environ, **proxies, "NO_PROXY": "", "no_proxy": "", **environment}
    done = subprocess.run([sys.executable, "-c", FETCH], env=whole, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def fill(folder: Path) -> dict[str, str]:
    """A cache as a finished download leaves it, of files that are empty."""
    folder.mkdir(parents=True)
    for name in pinned_jars():
        (folder / name).touch()
    (folder / MANIFEST).write_bytes((cache_of_this_user() / MANIFEST).read_bytes())
    return pinned_jars()


@pytest.fixture(autouse=True)
def jars_in_the_cache() -> None:
    kafka_jars()


def cache_of_this_user() -> Path:
    return cache_folder()


def test_a_second_start_needs_no_network():
    assert fetch_without_network() == f"{len(pinned_jars())} False\n"


def test_a_download_that_fails_is_told_in_one_line_and_leaves_no_half_cache(tmp_path: Path):
    said = fetch_without_network(XDG_CACHE_HOME=str(tmp_path))
    assert said.startswith("Kafka's jars could not be downloaded from ")
    assert said.count("\n") == 1
    assert [path.name for path in (tmp_path / "meridian").iterdir() if path.is_dir()] == []


def test_a_cache_that_cannot_be_written_is_told_in_one_line(tmp_path: Path):
    (tmp_path / "meridian").write_text("a file where the folder should be")
    assert fetch_without_network(XDG_CACHE_HOME=str(tmp_path)).startswith("cannot write to the cache")


def test_the_jars_in_the_cache_are_the_locked_ones():
    verify({path.name: path for path in kafka_jars()}, pinned_jars())


def test_a_jar_with_other_bytes_is_refused(tmp_path: Path):
    jar = tmp_path / "kafka.jar"
    jar.write_bytes(b"what was locked")
    pinned = {"kafka.jar": hashlib.sha256(b"what was locked").hexdigest()}
    verify({"kafka.jar": jar}, pinned)
    jar.write_bytes(b"something else")
    with pytest.raises(JarsUnavailable, match=r"kafka\.jar .*sha256 differs"):
        verify({"kafka.jar": jar}, pinned)


def test_a_resolution_to_other_jars_is_refused():
    with pytest.raises(JarsUnavailable, match="other jars"):
        verify({}, {"kafka.jar": "0" * 64})


def test_a_cache_is_complete_only_with_every_jar_and_the_manifest_of_this_version(tmp_path: Path):
    folder = tmp_path / "kafka"
    names = fill(folder)
    assert is_complete(folder)
    (folder / next(iter(names))).unlink()
    assert not is_complete(folder)
    (folder / next(iter(names))).touch()
    (folder / MANIFEST).write_text("of another version")
    assert not is_complete(folder)
