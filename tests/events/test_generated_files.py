"""What is generated from the contracts is fresh, complete, and leads nowhere wrong."""

import re
from pathlib import Path

import pytest

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.export import ROOT, export, owned_files, rendered_files
from clinic_events.publishing.contract_fields import data_fields, envelope_fields
from clinic_events.publishing.event_schemas import published_schema
from clinic_events.publishing.markdown import filled, table
from clinic_events.reasons import REASONS

FILES = rendered_files()
PAGES = sorted(path for path in FILES if path.endswith(".md"))


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_generated_file_is_what_the_code_says(path: str) -> None:
    file = ROOT / path
    assert file.exists() and file.read_bytes() == FILES[path], "stale: run `make schemas`"


def test_nothing_else_stands_where_only_generated_files_may() -> None:
    assert owned_files() <= FILES.keys(), "stale: run `make schemas`"


def test_an_export_writes_every_file_and_takes_away_what_is_generated_no_more(tmp_path: Path) -> None:
    for page in PAGES:
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / page).write_bytes((ROOT / page).read_bytes())
    gone = tmp_path / "schemas/events/tea.served.schema.json"
    gone.parent.mkdir(parents=True)
    gone.touch()
    export(tmp_path)
    assert not gone.exists()
    assert {path: (tmp_path / path).read_bytes() for path in FILES} == FILES


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", FILES[page].decode()):
        path, _, heading = target.partition("#")
        file = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert file.exists(), target
        assert not heading or heading in headings(file), target


def headings(page: Path) -> set[str]:
    """The names by which a page's headings are linked to."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_field_of_a_contract_says_what_it_means(name: str) -> None:
    for field in data_fields(published_schema(EVENT_TYPES[name])):
        assert field.meaning and not field.meaning.startswith("Vocabulary"), field.path


def test_every_attribute_of_the_envelope_says_what_it_means_and_shows_an_example() -> None:
    assert [field.path for field in envelope_fields() if not field.meaning or field.example is None] == []


def test_the_pages_tell_every_type_and_every_rule() -> None:
    pages = {path: FILES[path].decode() for path in PAGES}
    families = "\n".join(text for path, text in pages.items() if path.startswith("docs/contracts/"))
    assert [name for name in EVENT_TYPES if f"\n## {name}\n" not in families] == []
    assert [code for code in REASONS if f"| `{code}` |" not in pages["docs/rules.md"]] == []


def test_a_rule_stands_under_what_it_leads_to_and_where_it_is_decided() -> None:
    page = FILES["docs/rules.md"].decode()
    verdicts = {"refuse": "refused", "flag": "flagged"}
    for kind in REASONS.values():
        block = f"{verdicts[kind.verdict]}_in_the_{kind.decided_in}"
        shown = page.split(f"<!-- begin {block} -->")[1].split(f"<!-- end {block} -->")[0]
        row = next(line for line in shown.splitlines() if line.startswith(f"| `{kind.code}` |"))
        assert all(told in row for told in (kind.severity, kind.title, kind.rationale, kind.source, *kind.endangers))


def test_a_table_keeps_its_columns_whatever_stands_in_a_cell() -> None:
    assert table(["a", "b"], [["1|2", "x\ny"]]) == "| a | b |\n| --- | --- |\n| 1\\|2 | x y |"


def test_a_generated_part_replaces_what_stood_in_its_place_alone() -> None:
    page = "by hand\n<!-- begin rows -->\nold\n<!-- end rows -->\nby hand too\n"
    assert filled(page, {"rows": r"new \1"}) == (
        "by hand\n<!-- begin rows -->\n\nnew \\1\n\n<!-- end rows -->\nby hand too\n"
    )


def test_a_page_without_a_place_for_its_part_is_told() -> None:
    with pytest.raises(ValueError, match="0 places for its block 'rows'"):
        filled("nothing here", {"rows": "new"})
