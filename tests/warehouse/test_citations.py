"""A citation names what was read, what was asked and what was answered, so that somebody else can ask again."""

import pytest

from warehouse_releases.citations import Citation, Source, query_checksum, rows_checksum

QUERY = "select term, events from mart_side_effects where term = 'Syncope'"
LOCKED = Source("analyst", 7, "2026-W38", "2026-09-27T18:00:00+00:00", "f" * 32)


@pytest.mark.parametrize(
    "same",
    [
        "SELECT term , events\nFROM mart_side_effects\nWHERE term='Syncope' ;",
        "select term, events -- what begins\nfrom mart_side_effects /* all */ where term = 'Syncope'",
    ],
)
def test_a_query_is_the_same_however_it_is_laid_out_or_commented(same: str) -> None:
    assert query_checksum(same) == query_checksum(QUERY)


@pytest.mark.parametrize(
    "other",
    [
        QUERY.replace("Syncope", "syncope"),
        QUERY.replace("'Syncope'", "' Syncope'"),
        QUERY.replace("events", "patients"),
        QUERY + " order by 1",
    ],
)
def test_another_query_is_another(other: str) -> None:
    assert query_checksum(other) != query_checksum(QUERY)


def test_words_beyond_ascii_are_told_apart() -> None:
    assert query_checksum("select 'Zúsānlǐ' as a") != query_checksum("select 'Zúsānlí' as a")


def test_rows_are_the_same_in_any_order_and_floats_to_nine_digits() -> None:
    rows = [{"a": 0.1 + 0.2, "b": "é"}, {"a": None, "b": "x"}]
    assert rows_checksum(rows) == rows_checksum([{"a": None, "b": "x"}, {"a": 0.3, "b": "é"}])
    assert rows_checksum(rows) != rows_checksum([{"a": 0.300000001, "b": "é"}, {"a": None, "b": "x"}])
    assert rows_checksum(rows) != rows_checksum(rows[:1])
    assert rows_checksum(rows) != rows_checksum([*rows, rows[0]])


def test_a_line_names_the_lock_for_analysts_and_the_release_for_officers() -> None:
    asked = ("q" * 32, 2, "r" * 32)
    assert Citation(LOCKED, *asked).line() == (
        f"Meridian, lock 2026-W38, analyst tier, as of 2026-09-27 (file {'f' * 32}); "
        f"query {'q' * 32}; 2 rows {'r' * 32}"
    )
    officers = Source("officer", 7, None, LOCKED.as_of, "f" * 32)
    assert Citation(officers, *asked).line().startswith("Meridian, release 7, officer tier, as of 2026-09-27 (file ")


def test_for_programs_it_has_every_part() -> None:
    said = Citation(LOCKED, "q", 2, "r").as_json()
    assert said.pop("line")
    assert said == {
        "tier": "analyst",
        "release_id": 7,
        "lock": "2026-W38",
        "as_of": "2026-09-27T18:00:00+00:00",
        "file_checksum": "f" * 32,
        "query_checksum": "q",
        "rows": 2,
        "rows_checksum": "r",
    }
