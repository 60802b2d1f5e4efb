"""The command answers in one line when something is amiss, with the exit code that scripts go by."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = [
    "up",
    "down",
    "run",
    "clinic",
    "study",
    "publish",
    "check",
    "status",
    "quarantine",
    "build",
    "sql",
    "releases",
    "export",
    "demo",
]


@pytest.fixture
def meridian(tmp_path: Path):
    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "MERIDIAN_HOME": str(tmp_path / "home"), **variables}
        command = [sys.executable, "-m", "control_room", *arguments]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


def test_help_names_every_command(meridian) -> None:
    said = meridian("--help")
    assert said.returncode == 0
    assert all(f"│ {name} " in said.stdout for name in COMMANDS)


def test_help_imports_nothing_heavy(meridian) -> None:
    code = (
        "import sys; from control_room.command_line import application; application();"
        "print([name for name in ('dbt', 'great_expectations', 'faust', 'kafka', 'duckdb', 'pandas', 'scipy')"
        " if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(meridian, name: str) -> None:
    said = meridian(name, "--help")
    assert said.returncode == 0 and "Traceback" not in said.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("build",),
        ("sql", "select 1"),
        ("releases",),
        ("quarantine", "list"),
        ("clinic", "list"),
        ("publish", "events.jsonl", "--clinic", "ab"),
        ("export", "folder"),
        ("down",),
        ("run", "lander"),
    ],
    ids=" ".join,
)
def test_a_mistyped_home_is_told_in_one_line_and_not_made(meridian, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    said = meridian(*arguments)
    assert said.returncode == 2
    assert said.stderr.startswith("meridian: no Meridian home at") and said.stderr.count("\n") == 1
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("arguments", [("nonsense",), ("sql",), ("sql", "select 1", "--tier", "king"), ("up", "--no")])
def test_wrong_usage_is_one_line_and_exit_2(meridian, arguments: tuple[str, ...]) -> None:
    said = meridian(*arguments)
    assert said.returncode == 2
    assert said.stderr.startswith("meridian: ") and said.stderr.count("\n") == 1


def test_a_setting_that_makes_no_sense_is_one_line(meridian) -> None:
    said = meridian("status", MERIDIAN_BROKER_PORT="many")
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert "broker_port" in said.stderr


def test_an_interrupt_while_the_command_is_being_imported_is_no_traceback(tmp_path: Path) -> None:
    """Python sends itself the signal as soon as the first of our imports asks for the library of the commands."""
    code = (
        "import os, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'cyclopts': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from control_room.command_line import main\n"
        "main()\n"
    )
    said = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (130, "", "")


@pytest.mark.parametrize(("closed", "told"), [(">&-", ""), (">/dev/full", "No space left on device")])
def test_an_answer_that_cannot_be_written_is_no_traceback(meridian, closed: str, told: str) -> None:
    command = f'"{sys.executable}" -m control_room --version {closed}'
    said = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in said.stderr and told in said.stderr
    assert said.returncode == (2 if told else 0)
