"""What a mapping makes of a row."""

import contextlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_publisher.mapping.kinds import CastFailed, Kind, cast_text


def _datum(items: list, index: int = 0) -> dict:
    assert items[index].event is not None, items[index].refused
    return json.loads(items[index].event.body)["data"]


def _score(**value: object) -> list[dict]:
    return [{"type": "outcome.recorded", "data": {"instrument": "nrs_pain", "value": {"column": "score", **value}}}]


def test_an_empty_cell_is_missing_in_the_event_and_never_zero(mapped) -> None:
    (first, second) = mapped("id,score\n1,\n2,0\n")
    assert [_datum([first]), _datum([second])] == [{"instrument": "nrs_pain"}, {"instrument": "nrs_pain", "value": 0}]


def test_a_text_that_means_missing_is_missing(mapped) -> None:
    assert "value" not in _datum(mapped("id,score\n1,n/a\n", missing=["n/a"]))


def test_the_same_row_makes_the_same_bytes_every_time(mapped) -> None:
    assert mapped("id,score\n1,2.5\n") == mapped("id,score\n1,2.5\n")


def test_an_event_keeps_its_id_when_its_row_is_corrected(mapped) -> None:
    (before,), (after,) = mapped("id,score\n1,2\n"), mapped("id,score\n1,3\n")
    assert before.event.event_id == after.event.event_id and before.event.body != after.event.body


@pytest.mark.parametrize("change", [{"mapping": "other"}, {"version": 2}, {"row_key": ["id", "score"]}])
def test_name_version_and_row_key_make_the_id(mapped, change: dict) -> None:
    (before,), (after,) = mapped("id,score\n1,2\n"), mapped("id,score\n1,2\n", **change)
    assert before.event.event_id != after.event.event_id


def test_row_keys_of_several_columns_do_not_run_into_each_other(mapped) -> None:
    items = mapped("id,b,score\n1,23,1\n12,3,1\n", row_key=["id", "b"])
    assert len({item.event.event_id for item in items}) == 2


def test_one_file_feeds_many_clinics(mapped) -> None:
    items = mapped("id,site,score\n1,7,1\n2,8,1\n", clinic={"template": "practice-{site}"})
    assert [item.clinic_id for item in items] == ["practice-7", "practice-8"]


def test_the_patient_reference_is_the_message_key(mapped) -> None:
    (item,) = mapped("id,score\nänne,1\n")
    assert item.event.message_key == "änne".encode()


def test_without_a_clinic_the_events_are_of_the_clinic_that_publishes(mapped) -> None:
    (item,) = mapped("id,score\n1,1\n", clinic=None, own_clinic="clinic-z")
    assert (item.clinic_id, json.loads(item.event.body)["clinicid"]) == ("clinic-z", "clinic-z")


def test_a_byte_order_mark_and_carriage_returns_are_taken_as_they_come(mapped) -> None:
    (item,) = mapped(b"\xef\xbb\xbfid,score\r\n1,2\r\n\r\n")
    assert (item.line, _datum([item])["value"]) == (2, 2)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1", "1 cells, where the header has 2"),
        ("1,2,3", "3 cells, where the header has 2"),
        (",2", "row_key: empty in this row"),
        ("1,many", "events.outcome.recorded.data.value: not a number"),
        ("1,1e999", "events.outcome.recorded.data.value: too large a number"),
        ("1,1_000", "events.outcome.recorded.data.value: not a number"),
        ('1,"2"x', "not readable: ',' expected after '\"'"),
    ],
)
def test_a_bad_row_is_refused_by_its_line_and_does_not_stop_the_rest(mapped, row: str, reason: str) -> None:
    bad, good = mapped(f"id,score\n{row}\n9,1\n")
    assert (bad.line, bad.event, bad.refused) == (2, None, reason)
    assert (good.line, good.refused) == (3, None)


def test_a_quote_that_is_never_closed_is_told_with_the_lines_that_it_takes_in(mapped) -> None:
    first, unclosed = mapped('id,score\n1,1\n"2,1\n3,1\n4,1\n')
    assert (first.line, first.refused) == (2, None)
    assert (unclosed.line, unclosed.event) == (3, None)
    assert unclosed.refused.startswith("nothing could be read from line 3 to line 5: ")


def test_where_the_quote_swallows_more_than_a_cell_may_hold_the_rows_behind_are_read_again(mapped) -> None:
    swallowed = "x,1\n" * 40_000
    refused, *read = mapped(f'id,score\n"{swallowed}')
    assert refused.line == 2
    last = int(re.search(r"from line 2 to line (\d+): ", refused.refused)[1])
    assert [item.line for item in read] == list(range(last + 1, 40_002))


def test_a_row_that_is_not_utf_8_is_refused_alone(mapped) -> None:
    bad, good = mapped(b"id,score\n\xff,1\n2,1\n")
    assert (bad.refused, good.refused) == ("not UTF-8", None)


def test_a_row_of_which_one_event_cannot_be_made_sends_none(mapped) -> None:
    events = [*_score(), {**_score()[0], "name": "other", "data": {"instrument": "x", "value": {"column": "bad"}}}]
    (item,) = mapped("id,score,bad\n1,1,no number\n", events)
    assert item.event is None


def test_a_refusal_never_repeats_what_stood_in_the_cell(mapped) -> None:
    items = mapped("id,score\n1,Mrs Secret\n2,\n", clinic={"column": "score"})
    assert all(item.refused and "Secret" not in item.refused for item in items)


def test_a_row_is_counted_from_the_line_on_which_it_begins(mapped) -> None:
    items = mapped('id,note,score\n1,"two\nlines",1\n2,,x\n')
    assert [item.line for item in items] == [2, 4]


@pytest.mark.parametrize(("cell", "value"), [("f", "female"), ("x", "unknown"), ("", None)])
def test_a_value_map_knows_what_is_in_it_and_otherwise_the_rest(mapped, cell: str, value: str | None) -> None:
    sex = {"column": "sex", "values": {"f": "female"}, "otherwise": "unknown"}
    (item,) = mapped(f"id,sex\n1,{cell}\n", [{"type": "patient.enrolled", "data": {"sex": sex}}])
    assert _datum([item]).get("sex") == value


def test_a_cell_outside_the_value_map_refuses_the_row(mapped) -> None:
    sex = {"column": "sex", "values": {0: "male", 1: "female"}}
    refused, taken = mapped("id,sex\n1,2\n2,1\n", [{"type": "patient.enrolled", "data": {"sex": sex}}])
    assert (refused.refused, _datum([taken])) == (
        "events.patient.enrolled.data.sex: the cell is none of the mapping's `values`",
        {"sex": "female"},
    )


@pytest.mark.parametrize(
    ("when", "cells"),
    [
        ({"column": "score", "filled": True}, ["0", "1", "x"]),
        ({"column": "score", "filled": False}, [""]),
        ({"column": "score", "is": 0}, ["0"]),
        ({"column": "score", "is": "x"}, ["x"]),
        ({"column": "score", "not": 0}, ["", "1", "x"]),
        ({"column": "score", "in": [0, "x"]}, ["0", "x"]),
        ([{"column": "score", "filled": True}, {"column": "score", "not": 1}], ["0", "x"]),
        ({"any": [{"column": "score", "is": 1}, {"column": "score", "filled": False}]}, ["", "1"]),
    ],
)
def test_an_event_is_made_only_when_its_condition_holds(mapped, when, cells: list[str]) -> None:
    events = [{"type": "patient.enrolled", "when": when}]
    made = mapped("id,score\na,\nb,0\nc,1\nd,x\n", events)
    by_patient = {"a": "", "b": "0", "c": "1", "d": "x"}
    assert [by_patient[json.loads(item.event.body)["subject"]] for item in made] == cells


def test_a_list_has_the_entries_whose_condition_holds(mapped) -> None:
    conditions = [
        {"code": "migraine", "chronicity_years": {"column": "years"}, "when": {"column": "m", "is": 1}},
        {"code": "tension_type_headache", "when": {"column": "m", "is": 0}},
    ]
    items = mapped(
        "id,m,years\n1,1,\n2,0,3\n3,,\n", [{"type": "assessment.completed", "data": {"conditions": conditions}}]
    )
    codes = [[one["code"] for one in _datum(items, i).get("conditions", [])] for i in range(3)]
    assert codes == [["migraine"], ["tension_type_headache"], []]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ({"column": "day"}, "2026-01-31T00:00:00+00:00"),
        ({"column": "day", "offset": {"months": 1}}, "2026-02-28T00:00:00+00:00"),
        ({"column": "day", "offset": {"months": 6, "hours": 9}}, "2026-07-31T09:00:00+01:00"),
        ({"column": "day", "offset": {"years": -1, "weeks": 1}}, "2025-02-07T00:00:00+00:00"),
        ({"column": "day", "offset": {"days": {"column": "score"}}}, "2026-02-02T00:00:00+00:00"),
        ({"constant": "2026-07-01"}, "2026-07-01T00:00:00+01:00"),
        ({"template": "{day}T10:30:00+05:30"}, "2026-01-31T10:30:00+05:30"),
    ],
)
def test_times_are_shifted_by_the_calendar_of_the_clinic(mapped, time: dict, expected: str) -> None:
    (item,) = mapped("id,day,score\n1,2026-01-31,2\n", _score(), time=time, timezone="Europe/London")
    assert json.loads(item.event.body)["time"] == expected


def test_a_time_that_a_row_does_not_have_refuses_the_row(mapped) -> None:
    (item,) = mapped("id,day,score\n1,,2\n", _score(), time={"column": "day"}, timezone="Europe/London")
    assert item.refused == "events.outcome.recorded.time: empty in this row"


def test_an_offset_out_of_the_calendar_refuses_the_row(mapped) -> None:
    time = {"column": "day", "offset": {"years": 9000}}
    (item,) = mapped("id,day,score\n1,2026-01-01,2\n", _score(), time=time, timezone="Europe/London")
    assert "out of the calendar" in item.refused


def test_a_column_that_may_be_absent_is_missing(mapped) -> None:
    assert "value" not in _datum(mapped("id\n1\n", _score(optional=True)))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_it_was_written(number: float) -> None:
    assert float(cast_text(repr(number), Kind.NUMBER)) == number


@given(st.text(max_size=30), st.sampled_from([Kind.NUMBER, Kind.INTEGER, Kind.BOOLEAN, Kind.TEXT]))
def test_no_text_at_all_breaks_a_cast(text: str, kind: Kind) -> None:
    with contextlib.suppress(CastFailed):
        json.dumps(cast_text(text, kind), allow_nan=False)


def test_an_empty_file_is_one_clear_line(mapped, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="the file is empty"):
        mapped("")
