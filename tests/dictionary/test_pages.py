"""The data dictionary and the page of measures are what the project's own descriptions say."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from clinic_events.publishing.markdown import table
from clinic_events.resources import bundled
from data_dictionary.dictionary_pages import area_pages, dictionary_blocks, grain
from data_dictionary.export import ROOT, export, owned_pages, rendered_pages
from data_dictionary.measures import read_measures
from data_dictionary.tables import Column, Table, read_tables
from disclosure_control.restatements import Restatement

PAGES = rendered_pages()
TABLES = read_tables(bundled("dbt"))


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_is_what_the_project_says(page: str) -> None:
    file = ROOT / page
    assert file.exists() and file.read_text(encoding="utf-8") == PAGES[page], "stale: run `make schemas`"


def test_nothing_else_stands_where_only_generated_pages_may() -> None:
    assert owned_pages() <= PAGES.keys(), "stale: run `make schemas`"


def test_an_export_writes_every_page_and_takes_away_what_is_generated_no_more(tmp_path: Path) -> None:
    for page in PAGES:
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / page).write_bytes((ROOT / page).read_bytes())
    gone = tmp_path / "docs/dictionary/teas.md"
    gone.touch()
    export(tmp_path)
    assert not gone.exists()
    assert {page: (tmp_path / page).read_text(encoding="utf-8") for page in PAGES} == PAGES


@pytest.mark.parametrize("page", [*sorted(PAGES), "docs/questions.md", "docs/citing.md", "docs/recipes.md"])
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", (ROOT / page).read_text(encoding="utf-8")):
        path, _, heading = target.partition("#")
        file = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert file.exists(), target
        assert not heading or heading in _headings(file), target


def test_every_table_has_its_line_and_its_section_and_every_measure_its_own() -> None:
    index = PAGES["docs/dictionary.md"]
    assert [each.full_name for each in TABLES if f"| [`{each.full_name}`]" not in index] == []
    sections = "\n".join(text for page, text in PAGES.items() if page.startswith("docs/dictionary/"))
    assert [each.full_name for each in TABLES if f"\n## {each.full_name}\n" not in sections] == []
    assert [name for name in read_measures() if f"\n### {name}\n" not in PAGES["docs/measures.md"]] == []


def test_a_table_says_its_grain_its_tier_and_of_each_column_what_analysts_see() -> None:
    columns = [("clinic_id", "varchar"), ("events", "bigint"), ("rate", "double"), ("note", "varchar"), ("p", "bigint")]
    meta = {
        "tier": "analyst",
        "dimensions": ["clinic_id"],
        "attributes": ["note"],
        "measures": {"events": {"kind": "count"}, "rate": {"kind": "derived", "of": ["events"]}},
    }
    one = Table(
        "safety", "main", "mart_a", "Events.", ("clinic_id",),
        tuple(Column(name, kind, f"The {name}.") for name, kind in columns), meta,
    )  # fmt: skip
    ((file, page),) = area_pages([one])
    assert file == "safety.md"
    assert "One row for each `clinic_id`. Tier: analyst." in page
    assert table(("column", "type", "analysts see", "meaning"), [
        ("`clinic_id`", "varchar", "yes, names the cell", "The clinic_id."),
        ("`events`", "bigint", "with a status", "The events."),
        ("`rate`", "double", "with a status, of `events`", "The rate."),
        ("`note`", "varchar", "yes", "The note."),
        ("`p`", "bigint", "no", "The p."),
    ]) in page  # fmt: skip


def test_a_cell_that_is_named_otherwise_in_the_analysts_file_is_said() -> None:
    page = dict(area_pages(TABLES))["safety.md"]
    section = page.split("\n## mart_safety_by_stratum\n")[1].split("\n## ")[0]
    assert "In the analyst's file a row is named by `clinic_id`, `credential`," in section


def test_the_index_is_of_every_table_and_a_table_without_a_key_says_so() -> None:
    without_key = Table("core", "core", "changes", "Changes. And more.", (), (), {})
    assert grain(without_key) == "change (it has no key)"
    blocks = dictionary_blocks([without_key], bundled("dbt"))
    row = "| [`core.changes`](dictionary/core.md#corechanges) | officer | change (it has no key) | Changes. |"
    assert row in blocks["tables"]


def test_the_page_tells_every_column_of_the_restatements_in_the_analysts_file() -> None:
    section = PAGES["docs/dictionary.md"].split("\n## Restatements\n")[1].split("\n## ")[0]
    told = [
        name for cell in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)
    ]
    assert told == ["mart" if each.name == "table" else each.name for each in fields(Restatement)]


def _headings(page: Path) -> set[str]:
    """The names by which a page's headings are linked to."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-") for title in titles}
