"""The command answers in one line when something is amiss, with the exit code that scripts go by."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from network_registry.connections import clinic_credential, write_credential

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
    "vocabulary",
    "bench",
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


WRONG = [
    ("nonsense",), ("sql",), ("sql", "select 1", "--tier", "king"), ("up", "--no"), ("export", ""),
    ("erase", "ab", "P-1"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_usage_is_one_line_and_exit_2(meridian, arguments: tuple[str, ...]) -> None:
    said = meridian(*arguments)
    assert said.returncode == 2
    assert said.stderr.startswith("meridian: ") and said.stderr.count("\n") == 1
    assert "P-1" not in said.stderr, "a patient reference is never in an error"


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


@pytest.mark.parametrize("written", [b"broker_port = [", b"broker_port = 5\xff", b"broker_port = 'many'"])
def test_a_settings_file_that_cannot_be_used_is_named(meridian, tmp_path: Path, written: bytes) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "meridian.toml").write_bytes(written)
    said = meridian("status")
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert said.stderr.startswith(f"meridian: {tmp_path}/home/meridian.toml: ")


@pytest.mark.parametrize("arguments", [("build",), ("clinic", "add", "ab"), ("clinic", "suspend", "ab")], ids=" ".join)
def test_with_the_platform_down_one_line_says_what_to_do(meridian, free_home, arguments: tuple[str, ...]) -> None:
    port = str(free_home.settings.broker_port)
    said = meridian(*arguments, MERIDIAN_HOME=str(free_home.home.root), MERIDIAN_BROKER_PORT=port)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "meridian: the platform is not running: `meridian up` starts it\n"


def test_what_was_to_be_published_waits_and_one_line_says_what_to_do(meridian, free_home, tmp_path: Path) -> None:
    write_credential(clinic_credential(free_home.home, "ab"), "clinic.ab", "secret")
    (tmp_path / "events.jsonl").write_text('{"id": "1"}\n')
    port = str(free_home.settings.broker_port)
    where = {"MERIDIAN_HOME": str(free_home.home.root), "MERIDIAN_BROKER_PORT": port}
    said = meridian("publish", "events.jsonl", "--clinic", "ab", **where)
    assert said.returncode == 2
    assert said.stderr.splitlines()[-1] == "meridian: the platform is not running: `meridian up` starts it"


@pytest.mark.parametrize("command", [("check",), ("publish", "--clinic", "ab")], ids=" ".join)
def test_what_could_not_be_done_is_on_standard_error_and_in_the_answer(meridian, free_home, command) -> None:
    write_credential(clinic_credential(free_home.home, "ab"), "clinic.ab", "secret")
    name, *options = command
    said = meridian(name, "none.jsonl", *options, "--json", MERIDIAN_HOME=str(free_home.home.root))
    (problem,) = json.loads(said.stdout)["problems"]
    assert (said.returncode, said.stderr) == (2, f"meridian: {problem}\n")
