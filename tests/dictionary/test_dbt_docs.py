"""`make docs` writes dbt's own pages, with what the project says of every model."""

import shutil
import subprocess
from pathlib import Path

import pytest

from clinic_events.resources import bundled
from data_dictionary.tables import read_tables

ROOT = bundled("dbt").parent


@pytest.mark.skipif(not (ROOT / ".venv" / ".ready").exists(), reason="make would set up an environment of its own")
def test_the_page_describes_every_table_and_nothing_is_left_beside_the_project(tmp_path: Path) -> None:
    before = sorted(ROOT.glob("dbt/*"))
    made = subprocess.run(
        [str(shutil.which("make")), "docs", f"DOCS={tmp_path / 'docs'}"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    page = (tmp_path / "docs" / "static_index.html").read_text(encoding="utf-8")
    assert [table.name for table in read_tables(bundled("dbt")) if f'"model.meridian.{table.name}"' not in page] == []
    assert "Rates are comparable only within a way of asking" in page.replace("\\n", " ")
    assert sorted(ROOT.glob("dbt/*")) == before
