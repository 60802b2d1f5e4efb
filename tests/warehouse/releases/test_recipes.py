"""What docs/recipes.md says of other tools works: its own lines, on a release that dbt built, from any folder."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("builds")]

PAGE = (Path(__file__).parents[3] / "docs" / "recipes.md").read_text(encoding="utf-8")
DUCKDB = shutil.which("duckdb", path=Path(sys.executable).parent)
SHELL = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
PYTHON = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def beside(released, tmp_path: Path) -> Path:
    """A folder that has the release's home where the page expects it."""
    (tmp_path / ".meridian").symlink_to(released.home.root)
    return tmp_path


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def duckdb(folder: Path, file: Path, statement: str) -> list[str]:
    assert DUCKDB is not None, "duckdb-cli is one of the development dependencies"
    return run([DUCKDB, "-readonly", "-csv", "-noheader", str(file), statement], folder).splitlines()


def test_the_page_has_recipes_for_the_shell_and_for_python() -> None:
    assert (len(SHELL), len(PYTHON)) == (2, 2)


@pytest.mark.parametrize(("line", "said"), zip(SHELL, ["north,", "clinic_id,The clinic."], strict=True))
def test_duckdbs_own_command_answers(beside, line: str, said: str) -> None:
    assert line.startswith("duckdb ") and DUCKDB is not None
    assert said in run(["sh", "-c", line.replace("duckdb", DUCKDB, 1)], beside)


@pytest.mark.parametrize("program", PYTHON, ids=["pandas", "sqlalchemy"])
def test_python_answers(beside, program: str) -> None:
    assert "north" in run([sys.executable, "-c", program], beside)


def test_the_cli_from_pypi_is_the_version_before_ours(beside) -> None:
    assert DUCKDB is not None
    assert run([DUCKDB, "--version"], beside).startswith("v1.5.")


def test_every_table_of_both_files_opens_in_it_from_another_folder(released, tmp_path) -> None:
    """The officer's views of the store among them."""
    for tier in ("analyst", "officer"):
        file = released.home.warehouse / "current" / tier / "warehouse.duckdb"
        tables = duckdb(tmp_path, file, "select table_schema || '.' || table_name from information_schema.tables")
        assert len(tables) > 15
        counted = duckdb(tmp_path, file, " union all ".join(f"select '{t}', count(*) from {t}" for t in tables))
        assert len(counted) == len(tables)
    assert any(line.startswith("core.sessions,") and not line.endswith(",0") for line in counted)


def test_a_copy_of_the_analysts_file_opens_anywhere(released, tmp_path) -> None:
    copied = shutil.copy(released.home.warehouse / "current" / "analyst" / "warehouse.duckdb", tmp_path)
    assert duckdb(Path("/"), Path(copied), "select count(*) > 0 from mart_safety_by_clinic") == ["true"]
