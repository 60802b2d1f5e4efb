"""Meridian works from an installed wheel, away from any checkout."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's content; the dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # -S leaves out the .pth file that leads to the checkout; the dependencies are named instead.
    paths = os.pathsep.join([str(installed), sysconfig.get_paths()["purelib"]])
    return subprocess.run(
        [sys.executable, "-S", "-P", *arguments],
        cwd=installed, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_schemas_dbt_and_broker_configuration_travel_in_the_wheel(installed: Path) -> None:
    code = (
        "from clinic_events.resources import bundled\n"
        "for name in ('schemas/events', 'schemas/vocabularies', 'dbt/models', 'infra/kafka'):\n"
        "    print(bundled(name), len(list(bundled(name).iterdir())) > 0)"
    )
    said = run(installed, "-c", code)
    assert said.returncode == 0, said.stderr
    assert all(line.startswith(str(installed)) and line.endswith("True") for line in said.stdout.splitlines())


def test_nothing_of_ours_lands_in_another_packages_folder(installed: Path) -> None:
    assert not (installed / "dbt").exists() and not (installed / "schemas").exists()


def test_the_command_judges_events(installed: Path) -> None:
    example = installed / "clinic_events/bundled/schemas/examples/outcome.recorded/valid/complete.json"
    events = installed / "events.jsonl"
    events.write_text(" ".join(example.read_text().split()) + "\n")
    said = run(installed, "-m", "control_room", "check", str(events), "--clinic", "north-bridge")
    assert said.returncode == 0, said.stderr
