"""A Parquet file gives the events that the CSV of the same table gives."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_publisher.check import check_file
from clinic_publisher.mapping.mapping import load_mapping
from clinic_publisher.mapping.parquet_rows import as_text
from clinic_publisher.sources import read_source


@pytest.fixture
def table(tmp_path: Path):
    def write(**columns: list) -> Path:
        path = tmp_path / "table.parquet"
        pq.write_table(pa.table(columns), path)
        return path

    return write


def test_rows_are_mapped_by_their_number(table, write_mapping) -> None:
    path = table(id=["p1", "p2", "p3"], score=[3, None, 8])
    report = check_file(path, mapping=write_mapping())
    assert [(event.line, event.verdict) for event in report.events] == [
        (1, "accepted"), (2, "quarantined"), (3, "accepted"),
    ]  # fmt: skip


def test_a_column_that_is_missing_is_told_before_the_first_row(table, write_mapping) -> None:
    report = check_file(table(id=["p1"]), mapping=write_mapping())
    assert report.exit_code == 2 and len(report.problems) == 1 and "score" in report.problems[0]


def test_a_column_of_lists_is_told_before_the_first_row(table, write_mapping) -> None:
    (problem,) = check_file(table(id=["p1"], score=[[1]]), mapping=write_mapping()).problems
    assert problem.endswith("column `score` holds lists or structures, not one value")


def test_two_columns_of_one_name_are_told_before_the_first_row(tmp_path: Path, write_mapping) -> None:
    path = tmp_path / "twice.parquet"
    columns = [pa.array(["p1"]), pa.array(["p2"]), pa.array([3])]
    pq.write_table(pa.Table.from_arrays(columns, names=["id", " id", "score"]), path)
    (problem,) = check_file(path, mapping=write_mapping()).problems
    assert problem.endswith("two columns are called `id`")


def test_a_time_beyond_the_calendar_costs_its_row_alone(tmp_path: Path, write_mapping) -> None:
    path = tmp_path / "far.parquet"
    moments = pa.array([0, 2**60, None], pa.timestamp("us"))
    pq.write_table(pa.table({"id": ["p1", "p2", "p3"], "score": [1, 2, 3], "seen": moments}), path)
    report = check_file(path, mapping=write_mapping())
    assert [event.line for event in report.events] == [1, 3]
    assert [line.line for line in report.refused] == [2]


@pytest.mark.parametrize("cut", [4, 60, -4])
def test_a_file_that_is_cut_off_is_one_line(table, write_mapping, cut: int) -> None:
    path = table(id=["p1"] * 50, score=list(range(50)))
    path.write_bytes(path.read_bytes()[:cut])
    (problem,) = check_file(path, mapping=write_mapping()).problems
    assert "not readable as Parquet" in problem and "\n" not in problem


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (3, "3"),
        (3.0, "3"),
        (3.5, "3.5"),
        (float("nan"), None),
        (True, "true"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 9, 30), "2026-03-02T09:30:00"),
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "2026-03-02T09:30:00+00:00"),
        (datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=2))), "2026-03-02T09:30:00+02:00"),
        (b"p1", "p1"),
    ],
)
def test_a_value_reads_as_a_person_would_write_it(value: object, text: str | None) -> None:
    assert as_text(value) == text


def test_a_narrow_number_has_no_more_digits_than_it_holds(tmp_path: Path, write_mapping) -> None:
    path = tmp_path / "narrow.parquet"
    pq.write_table(pa.table({"id": ["p1"], "score": pa.array([0.1], pa.float32())}), path)
    (item,) = read_source(path, None, load_mapping(write_mapping()))
    assert item.event is not None and json.loads(item.event.body)["data"]["value"] == 0.1


rows = st.lists(
    st.tuples(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8),
        st.none() | st.integers(0, 10) | st.floats(0, 10, allow_subnormal=False),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[0],
)


@settings(max_examples=60, deadline=None)
@given(rows)
def test_csv_and_parquet_of_one_table_give_the_same_events(
    tmp_path_factory: pytest.TempPathFactory, given_rows: list[tuple[str, float | None]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    mapping_file = folder / "same.yaml"
    mapping_file.write_text(json.dumps({
        "mapping": "scores", "row_key": "id", "clinic": "clinic-a", "patient": {"column": "id"},
        "time": "2026-01-05T09:00:00+00:00",
        "events": [{"type": "outcome.recorded", "data": {"instrument": "nrs_pain", "value": {"column": "score"}}}],
    }))  # fmt: skip
    names, scores = zip(*given_rows, strict=True)
    whole = pa.table({"id": pa.array(names, pa.string()), "score": pa.array(scores, pa.float64())})
    pq.write_table(whole, folder / "same.parquet")
    pyarrow.csv.write_csv(whole, folder / "same.csv")
    mapping = load_mapping(mapping_file)
    by_csv, by_parquet = (list(read_source(folder / f"same.{kind}", None, mapping)) for kind in ("csv", "parquet"))
    assert [item.event.body for item in by_csv if item.event] == [item.event.body for item in by_parquet if item.event]
    assert [item.refused for item in by_csv] == [item.refused for item in by_parquet]
