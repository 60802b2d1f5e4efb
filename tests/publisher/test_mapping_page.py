"""docs/mapping.md says what the mapping language is: its example runs, and it has every keyword."""

import json
import re
from pathlib import Path

import pytest

from clinic_publisher.mapping import conditions, dates, events, mapping, values
from clinic_publisher.mapping.kinds import Kind
from clinic_publisher.sources import read_source

PAGE = Path(__file__).parents[2] / "docs" / "mapping.md"
KEYWORDS = {
    *mapping.KEYS,
    *mapping.STUDY_KEYS,
    *events.KEYS,
    *values.KEYS,
    *conditions.TESTS,
    *dates.OFFSET_UNITS,
    *Kind,
    "any",
}


def _block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return found


def test_the_example_makes_the_events_that_the_page_shows(tmp_path: Path) -> None:
    table, rules = tmp_path / "visits.csv", tmp_path / "visits.yaml"
    table.write_text(_block("csv"))
    rules.write_text(_block("yaml"))
    made = [json.loads(item.event.body) for item in read_source(table, None, mapping.load_mapping(rules)) if item.event]
    assert len({event.pop("id") for event in made}) == len(made)
    assert made == [json.loads(line) for line in _block("json").splitlines()]


@pytest.mark.parametrize("keyword", sorted(KEYWORDS))
def test_every_keyword_is_on_the_page(keyword: str) -> None:
    assert f"`{keyword}`" in PAGE.read_text()
