"""Commands to a platform that is up, and a search through all that it keeps."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from network_registry.home import Home


def meridian(home: Home, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MERIDIAN_HOME": str(home.root)}
    command = [sys.executable, "-m", "control_room", *arguments]
    return subprocess.run(command, env=environment, input=said, capture_output=True, text=True, check=False)


def found(home: Home, needles: list[str]) -> list[str]:
    """Where any of these texts stands in the home outside the broker: in a file's bytes, or in what a file holds."""
    return wait_for(lambda: swept(home, needles), "a moment in which nothing is built", 300)[0]


def swept(home: Home, needles: list[str]) -> tuple[list[str]] | None:
    """None when the builder was at work meanwhile, by itself: it makes a lock as soon as it is started."""
    with suppress(FileNotFoundError, duckdb.IOException):
        return (places(home, needles),)


def places(home: Home, needles: list[str]) -> list[str]:
    files = [path for path in home.root.rglob("*") if path.is_file() and home.broker not in path.parents]
    assert any(path.suffix == ".parquet" for path in files) and any(path.suffix == ".duckdb" for path in files)
    return [f"{path}: {needle}" for path in files for needle in in_text(held(path), needles)]


def in_text(text: str, needles: Iterable[str]) -> list[str]:
    return [needle for needle in needles if needle in text]


def held(path: Path) -> str:
    raw = path.read_bytes().decode("latin-1")
    if path.suffix == ".parquet":
        return raw + str(pq.ParquetFile(path).read().to_pylist())
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute("select database_name, schema_name, table_name from duckdb_tables()").fetchall()
            names = ['"{}"."{}"."{}"'.format(*table) for table in tables]
            return raw + str([connection.execute(f"from {name}").fetchall() for name in names])
    return raw


def process_id(home: Home, name: str) -> int | None:
    """Of a process of the supervisor's; None while it has none."""
    state = json.loads((home.run / "supervisor.json").read_text())
    return next((each["pid"] for each in state["processes"] if each["name"] == name), None)


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 180) -> Any:
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.02)
    return value
