"""Any release can be built again from its manifest, also when its version is gone and its files were compacted."""

import os
import shutil
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from network_registry.erasures import begin_rewriting, end_rewriting, request_erasure
from network_registry.studies import register_study
from network_registry.topics import EVENTS
from warehouse_releases import replacing
from warehouse_releases.build_folders import current_release
from warehouse_releases.compaction import compact
from warehouse_releases.history import find_release, remember
from warehouse_releases.lake import list_files, list_segments
from warehouse_releases.mart_comparison import checksums, compare_cells, compare_checksums
from warehouse_releases.rebuild import NotRebuilt, rebuild_release


@pytest.fixture
def place(replayed, released, monkeypatch):
    """A home with a release of its own, made of what dbt built once; more has landed since."""
    made = replayed()
    home = made.home
    for folder in ("versions", "store"):
        shutil.copytree(released.home.warehouse / folder, home.warehouse / folder, dirs_exist_ok=True)
    shutil.copy(released.home.registry_db, home.registry_db)
    monkeypatch.undo()
    return made


def rebuild(place, release_id: int = 1):
    return rebuild_release(place.home, place.settings, place.ledger, release_id)


def compact_everything(place, monkeypatch) -> None:
    monkeypatch.setattr(replacing, "_STILL_READ_S", -1.0)
    for segment in list_segments(place.home.lake):
        os.utime(place.home.lake / segment.path, (0, 0))
    for _ in range(2):
        compact(place.home.lake, 1000, datetime.now(UTC) + timedelta(days=2))


def test_it_is_equal_cell_by_cell_after_compaction_and_from_the_manifest_alone(place, stream, monkeypatch):
    place.land(EVENTS, *(stream.accepted(offset) for offset in range(8, 12)))
    place.land(EVENTS, stream.accepted(12))
    register_study(place.ledger, "later", "controls")
    compact_everything(place, monkeypatch)
    assert [one.offsets for one in list_files(place.home.lake, [EVENTS])] == [(0, 10), (11, 11)]

    again = rebuild(place)
    assert again.equal and again.reasons == []
    assert {mart.mart: mart.cells_different for mart in again.marts}["mart_safety_by_clinic"] == 0
    assert len(list((again.folder / "slices").iterdir())) == 1, "the release ended inside of what is one file now"

    old = find_release(place.home, 1)
    remember(place.home, old)
    shutil.rmtree(old.root)
    from_history = rebuild(place)
    assert from_history.equal and {mart.cells_different for mart in from_history.marts} == {None}


def test_after_an_erasure_it_says_that_the_same_figures_cannot_be_had(place, monkeypatch):
    erasure_id = request_erasure(place.ledger, "north", "hash", "me", None)
    begin_rewriting(place.ledger, erasure_id, ["hash"], [], {"rows": 3})
    end_rewriting(place.ledger, erasure_id)
    assert "patients were erased since" in rebuild(place).reasons[0]


def test_what_is_unknown_or_gone_is_one_line(place):
    with pytest.raises(NotRebuilt, match="nothing is known of a release 77"):
        rebuild(place, 77)
    for segment in list_segments(place.home.lake, [EVENTS]):
        (place.home.lake / segment.path).unlink()
    with pytest.raises(NotRebuilt, match="does not hold 7 of the offsets"):
        rebuild(place)


@pytest.mark.parametrize(
    "change",
    [
        "update mart_safety_by_clinic set events = events + 1",
        "delete from mart_safety_by_clinic",
        "alter table mart_safety_by_clinic add column another integer",
        "drop table mart_safety_by_clinic",
        "create table mart_more as select 1 as one",
    ],
)
def test_any_difference_is_seen_in_cells_and_in_checksums(released, tmp_path, change):
    officer, other = current_release(released.home).warehouse("officer"), tmp_path / "warehouse.duckdb"
    shutil.copy(officer, other)
    assert all(mart.equal for mart in compare_cells(officer, other))
    with duckdb.connect(str(other)) as connection:
        connection.execute(change)
    for found in (compare_cells(officer, other), compare_checksums(checksums(officer), other)):
        assert [mart.mart for mart in found if not mart.equal] == [
            "mart_more" if "more" in change else "mart_safety_by_clinic"
        ]


def test_the_last_digits_of_a_sum_are_no_difference(tmp_path):
    files = []
    for number in ("0.1 + 0.2", "0.3"):
        files.append(tmp_path / f"{len(files)}.duckdb")
        with duckdb.connect(str(files[-1])) as connection:
            connection.execute(f"create table mart_of_one as select ({number})::double as rate")
    assert [mart.equal for mart in compare_cells(*files)] == [True]
